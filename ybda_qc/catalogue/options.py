"""What a profile says about catalogues: the ``[catalogue]`` table."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ybda_qc.catalogue.columns import HEADERS


def _known_field(name: str) -> str:
    if name not in HEADERS:
        raise ValueError(f"no field of a record; one of: {', '.join(HEADERS)}")
    return name


class CatalogueOptions(BaseModel):
    """The ``[catalogue]`` table of a profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[Annotated[str, AfterValidator(_known_field)], tuple[str, ...]] = Field(
        default_factory=dict,
        description="names of columns beside the usual ones, by field; they win over the usual ones",
    )
