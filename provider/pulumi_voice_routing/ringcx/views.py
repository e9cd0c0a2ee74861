"""What views of more than one subject share."""

from __future__ import annotations

from ..lifecycle.view import Text, View


class ScheduledView(View):
    """Anything that is open at its own times on each day of the week."""

    monday_schedule = Text()
    tuesday_schedule = Text()
    wednesday_schedule = Text()
    thursday_schedule = Text()
    friday_schedule = Text()
    saturday_schedule = Text()
    sunday_schedule = Text()

    @property
    def schedules(self) -> tuple[object, ...]:
        """When it is open, Monday first."""
        return (
            self.monday_schedule,
            self.tuesday_schedule,
            self.wednesday_schedule,
            self.thursday_schedule,
            self.friday_schedule,
            self.saturday_schedule,
            self.sunday_schedule,
        )
