"""Projects."""

from __future__ import annotations

from tests.sandbox.support import Api


def test_projects_group_agents_and_cannot_be_deleted_while_they_do(api: Api) -> None:
    project = api.ok("POST", "/projects", {"name": "Client A", "description": "d"})
    agent = api.agent(project_id=project["id"])
    assert api.ok("GET", f"/projects/{project['id']}")["agent_count"] == 1
    api.fails(400, "DELETE", f"/projects/{project['id']}")
    moved = api.ok("PUT", f"/agent/{agent['id']}", {"project_id": None})
    assert moved["project_id"] != project["id"]
    api.ok("DELETE", f"/projects/{project['id']}")
    api.fails(404, "GET", f"/projects/{project['id']}")


def test_the_default_project_stays(api: Api) -> None:
    default = api.ok("GET", "/projects")["projects"][0]
    assert default["is_default"]
    api.fails(400, "DELETE", f"/projects/{default['id']}")


def test_project_names_are_unique(api: Api) -> None:
    api.ok("POST", "/projects", {"name": "A"})
    other = api.ok("POST", "/projects", {"name": "B"})
    api.fails(409, "POST", "/projects", {"name": "A"})
    api.fails(409, "PUT", f"/projects/{other['id']}", {"name": "A"})
    assert api.ok("PUT", f"/projects/{other['id']}", {"description": "x"})["name"] == "B"
    api.fails(400, "PUT", f"/projects/{other['id']}", {})
    api.fails(400, "POST", "/projects", {"name": "x" * 101})
