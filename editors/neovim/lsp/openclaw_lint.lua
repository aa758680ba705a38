-- For `vim.lsp.enable('openclaw_lint')`, from Neovim 0.11 on.
local config = require('openclaw_lint').config()
config.name = nil
return config
