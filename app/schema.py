"""The schema of the database: every table of every package, and how a database gets and shows its version."""

from __future__ import annotations

from app.casework import models as casework_models
from app.identity import models as identity_models
from app.office import models as office_models
from workflows import models as workflow_models
from workflows.database import Base

# Importing a module of models registers its tables; the tuple keeps the imports honest.
REGISTERED = (casework_models, identity_models, office_models, workflow_models)
METADATA = Base.metadata
