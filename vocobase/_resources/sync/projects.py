# Derived from vocobase/_resources/aio/projects.py by scripts/derive_sync.py; edit that instead.
"""Groups of agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vocobase._base.values import OMIT, Omit
from vocobase._policy.limits import check_members
from vocobase._policy.pages import Page
from vocobase._resources.ensured import EnsuredProject
from vocobase._resources.sync.ensuring import ensure
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import Confirmation, Project


class Projects(Resource):
    """Groups of agents."""

    def create(self, name: str, *, description: str | Omit = OMIT) -> Project:
        """Create a project that groups agents.

        Args:
            name: Name, unique per partner; that it is required is inferred, limit from projects.update (at
                most 100 characters).
            description: Free text; limit from projects.update (at most 500 characters).

        Returns:
            The ``Project``.

        Raises:
            ConflictError: another project of the partner has this name.
            OutcomeUnknownError: no response; check with ``projects.list`` (names are unique) before you
                create it again.

        Retries: only if the API certainly did not process the request.
        Documentation: Projects, Create project.
        """
        return self._core.call(
            api.projects.create.build(body=models.ProjectsCreateRequest(name=name, description=description)),
            api.projects.create.parse,
        )

    def list(self) -> Page[Project]:
        """Return all projects of the partner, with the number of their agents.

        Returns:
            A page of ``Project``.

        Retries: automatic.
        Documentation: Projects, List projects.
        """
        return self._core.page(api.projects.list_.build(), "projects", models.Project.from_dict)

    def iter(self) -> Iterator[Project]:
        """Iterate over all projects; the API returns them in one response.

        Returns:
            An iterator of ``Project``.

        Retries: automatic.
        Documentation: Projects, List projects.
        """
        for project in self.list():
            yield project

    def ensure(self, name: str, *, description: str | Omit = OMIT) -> EnsuredProject:
        """Create the project of this name, or update it if it differs.

        Args:
            name: Name, unique per partner (at most 100 characters).
            description: Free text (at most 500 characters).

        Returns:
            The ``Project`` as it is now; its ``change`` is ``created``, ``changed`` or ``unchanged``.

        Raises:
            InvalidArgumentError: an argument is of the wrong type or beyond a limit; nothing was sent.

        Retries: automatic; after an error, call it again: the result is the same.
        Documentation: Projects, Create project and Update project.
        """
        body = models.ProjectsCreateRequest(name=name, description=description)
        check_members("projects.ensure", body.to_dict(), limits_of="projects.create")

        def find() -> Project | None:
            for project in self.iter():
                if project.name == name:
                    return project
            return None

        return ensure(
            EnsuredProject,
            body.to_dict(),
            find=find,
            create=lambda: self.create(name, description=description),
            update=lambda found: self.update(found.id, description=description),
        )

    def get(self, project_id: str) -> Project:
        """Return one project.

        Args:
            project_id: Project id; its format is not documented.

        Returns:
            The ``Project``.

        Raises:
            NotFoundError: unknown project, or owned by another account.

        Retries: automatic.
        Documentation: Projects, Get project.
        """
        return self._core.call(api.projects.get.build(project_id), api.projects.get.parse)

    def update(self, project_id: str, *, name: str | Omit = OMIT, description: str | Omit = OMIT) -> Project:
        """Change the name or the description of a project, or both.

        Args:
            project_id: Project id; its format is not documented.
            name: New name, unique per partner (at most 100 characters).
            description: Free text (at most 500 characters).

        Returns:
            The ``Project``.

        Raises:
            NotFoundError: unknown project.
            ConflictError: another project has the new name.

        Retries: automatic.
        Documentation: Projects, Update project.
        """
        return self._core.call(
            api.projects.update.build(
                project_id, body=models.ProjectsUpdateRequest(name=name, description=description)
            ),
            api.projects.update.parse,
        )

    def delete(self, project_id: str) -> Confirmation:
        """Delete a project that is empty and is not the default project.

        Args:
            project_id: Project id; its format is not documented.

        Returns:
            The ``Confirmation``.

        Raises:
            ValidationFailedError: the project is the default one, or still has agents; the refusal is
                documented, its status and code are plausible.
            NotFoundError: unknown project.

        Retries: automatic.
        Documentation: Projects, Delete project.
        """
        return self._core.call(api.projects.delete.build(project_id), api.projects.delete.parse)
