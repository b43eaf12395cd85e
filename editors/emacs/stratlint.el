;;; stratlint.el --- stratlint in Markdown buffers  -*- lexical-binding: t; -*-
(require 'eglot)
(add-to-list 'eglot-server-programs
             '((markdown-mode gfm-mode markdown-ts-mode) . ("stratlint" "lsp")))
(dolist (hook '(markdown-mode-hook gfm-mode-hook markdown-ts-mode-hook))
  (add-hook hook #'eglot-ensure))
;;; stratlint.el ends here
