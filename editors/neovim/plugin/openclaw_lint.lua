-- Configs are JSON5, whoever starts the server; and the commands.
if vim.g.loaded_openclaw_lint then
  return
end
vim.g.loaded_openclaw_lint = true

local group = vim.api.nvim_create_augroup('openclaw_lint_filetype', { clear = true })
vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
  group = group,
  callback = function(event)
    local lint = require('openclaw_lint')
    if lint.kind(vim.api.nvim_buf_get_name(event.buf)) == 'config' then
      lint.set_filetype(event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('OpenclawLintFixAll', function()
  require('openclaw_lint').fix_all(0)
end, { desc = 'Apply every safe fix of openclaw-lint to this buffer' })

vim.api.nvim_create_user_command('OpenclawLintExplain', function(command)
  require('openclaw_lint').explain(command.args)
end, { nargs = '?', desc = 'Show what a rule of openclaw-lint is about' })
