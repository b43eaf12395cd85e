return {
  cmd = { 'stratlint', 'lsp' },
  filetypes = { 'markdown', 'mdx', 'quarto', 'rmd' },
  root_markers = { '.stratlint.toml', 'stratlint.toml', 'pyproject.toml', '.git' },
}
