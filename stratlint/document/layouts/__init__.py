"""The layouts in which pages set out labelled values; ``stratlint.document.grid`` reads them all into grids."""
