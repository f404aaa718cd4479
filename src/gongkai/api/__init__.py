"""The face for machines: intake and status of requests under ``/api/v1/``, for portals that take them in for us."""
