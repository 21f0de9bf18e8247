"""How a defect wants to be drawn on the picture of a page."""

from enum import StrEnum


class Drawing(StrEnum):
    """The manner of a finding's picture, declared by its code; a check chooses, `imaging.evidence` draws.

    Small defects get a magnified cut-out beside the page whatever the manner. Some manners show a number: the
    field of that name among the finding's values, or its measured value.
    """

    BOXES = "boxes"
    """A frame round each box; the whole page where there are none."""
    SHADE = "shade"
    """Each box under a hatch: a border, a folded corner, what lies outside. The finding's value is named."""
    ANGLE = "angle"
    """A line along the writing against the horizontal, with the angle; value ``angle``, degrees clockwise."""
    STREAK = "streak"
    """Arrows at both ends of each long, thin box, which stays uncovered."""
    TILES = "tiles"
    """Each box outlined and the first one magnified: sharpness, grain, stairs."""
    CIRCLES = "circles"
    """A circle round each box: specks."""
    TURN = "turn"
    """An arrow to the top of the writing, the page upright; value ``turn``, degrees clockwise to mend."""
    EDGE = "edge"
    """Each box framed and magnified with what lies beyond the edge of the image: cut content."""
