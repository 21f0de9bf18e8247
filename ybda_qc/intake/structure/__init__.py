"""The structure of files, as far as it shows whether they are all there; pixels are not decoded."""
