-- openclaw-lint in Neovim: which files are its, how its server is started, and three commands. From Neovim 0.7 on.

local M = {}

local NAME = 'openclaw-lint'
local FIX_ALL = 'source.fixAll.openclaw-lint'

-- The longest wait for all fixes of a document, in milliseconds: saving must not hang.
local PATIENCE = 3000

-- Parts of a config stand in a folder beside or below it; the server looks as far.
local ABOVE = 3

local options = {
  -- The program and what it is called with.
  cmd = { 'openclaw-lint', 'lsp' },
  -- openclawVersion, layout, lang, processEnv, hostChecks; what is not set is decided by the program.
  settings = {},
  -- Whether to apply every safe fix before a file is written.
  fix_on_save = false,
  -- Called with the client and the buffer, for keys of one's own.
  on_attach = nil,
}

local CONFIGS = { '^openclaw.*%.json5?$', '^openclaw.*%.json5?%.', '%.openclaw%.json5?$', '^clawdbot%.json5?$' }
local ENVS = { '^%.env$', '^%.env%.', '%.env$' }
-- The linter's own configuration, and manifests of plugins.
local OTHERS = { '^%.?openclaw%-lint', '%.plugin%.json5?$' }

local function matches(name, patterns)
  for _, pattern in ipairs(patterns) do
    if name:find(pattern) then
      return true
    end
  end
  return false
end

-- JSON5 near a config is taken for a part of it; JSON is so many things that a config must name it.
local function is_part(path)
  local name = vim.fn.fnamemodify(path, ':t')
  local ending = name:lower():match('%.(json5?)$')
  if not ending then
    return false
  end
  local folder = path
  for _ = 1, ABOVE do
    folder = vim.fn.fnamemodify(folder, ':h')
    for _, beside in ipairs(vim.fn.glob(vim.fn.escape(folder, '*?[]{}\\') .. '/openclaw*.json*', true, true)) do
      if M.kind(beside) == 'config' then
        if ending == 'json5' or table.concat(vim.fn.readfile(beside), '\n'):find(name, 1, true) then
          return true
        end
      end
    end
  end
  return false
end

--- What a file is by its name: 'config', 'env', or nothing.
function M.kind(path)
  local name = vim.fn.fnamemodify(path, ':t'):lower()
  if matches(name, OTHERS) then
    return nil
  elseif matches(name, CONFIGS) then
    return 'config'
  elseif matches(name, ENVS) then
    return 'env'
  end
  return nil
end

--- Whether the server has something to say about a file: a config, an env file, or what a config nearby may include.
function M.is_ours(path)
  if path == '' or path:find('^%a[%w+.-]+://') then
    return false
  end
  if M.kind(path) then
    return true
  end
  return not matches(vim.fn.fnamemodify(path, ':t'):lower(), OTHERS) and is_part(vim.fn.fnamemodify(path, ':p'))
end

--- Shows a config as JSON5: as JSON, Neovim would mark its comments as errors.
function M.set_filetype(bufnr)
  vim.bo[bufnr].filetype = 'json5'
  if #vim.api.nvim_get_runtime_file('syntax/json5.vim', false) == 0 then
    -- A JSON5 text is an expression of JavaScript.
    vim.bo[bufnr].syntax = 'javascript'
  end
  vim.bo[bufnr].commentstring = '// %s'
end

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  for _, name in ipairs({ 'openclaw-lint.json5', '.openclaw-lint.json5' }) do
    local found = vim.fn.findfile(name, vim.fn.escape(folder, ' ,;') .. ';')
    if found ~= '' then
      return vim.fn.fnamemodify(found, ':p:h')
    end
  end
  local git = vim.fn.finddir('.git', vim.fn.escape(folder, ' ,;') .. ';')
  return git ~= '' and vim.fn.fnamemodify(git, ':p:h:h') or folder
end

local function settings()
  -- An empty table of Lua would be a list.
  return next(options.settings) and options.settings or vim.empty_dict()
end

local function attached(client, bufnr)
  if vim.bo[bufnr].omnifunc == '' then
    vim.bo[bufnr].omnifunc = 'v:lua.vim.lsp.omnifunc'
  end
  vim.api.nvim_create_autocmd('BufWritePre', {
    group = vim.api.nvim_create_augroup('openclaw_lint_' .. bufnr, { clear = true }),
    buffer = bufnr,
    callback = function()
      if options.fix_on_save then
        M.fix_all(bufnr)
      end
    end,
  })
  if options.on_attach then
    options.on_attach(client, bufnr)
  end
end

--- What `vim.lsp.start` and `vim.lsp.config` (Neovim 0.11) are to be given.
function M.config()
  return {
    name = NAME,
    cmd = options.cmd,
    init_options = settings(),
    settings = { [NAME] = settings() },
    on_attach = attached,
    -- Only Neovim 0.11 asks: a buffer without a root gets no server.
    root_dir = function(bufnr, on_dir)
      local path = vim.api.nvim_buf_get_name(bufnr)
      if M.is_ours(path) then
        on_dir(root_of(path))
      end
    end,
  }
end

-- Clients by root, for Neovim 0.7, which has no `vim.lsp.start`.
local clients = {}

local function attach(bufnr)
  local path = vim.api.nvim_buf_get_name(bufnr)
  local config = M.config()
  config.root_dir = root_of(path)
  if vim.fn.executable(config.cmd[1]) == 0 then
    vim.notify_once(NAME .. ': cannot run ' .. config.cmd[1] .. ': is it installed?', vim.log.levels.WARN)
  elseif vim.lsp.start then
    vim.lsp.start(config, { bufnr = bufnr })
  else
    local id = clients[config.root_dir]
    if not id or not vim.lsp.get_client_by_id(id) then
      id = vim.lsp.start_client(config)
      clients[config.root_dir] = id
    end
    if id then
      vim.lsp.buf_attach_client(bufnr, id)
    end
  end
end

-- With `vim.lsp.enable` a client is called like the file that configures it.
local function is_own(client)
  return client.name == NAME or client.name == 'openclaw_lint'
end

local function client_of(bufnr)
  bufnr = bufnr == 0 and vim.api.nvim_get_current_buf() or bufnr
  local list = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in ipairs(list()) do
    if is_own(client) and vim.lsp.buf_is_attached(bufnr, client.id) then
      return client
    end
  end
  return nil
end

local function ask(client, method, params, bufnr)
  local answer, err
  if vim.fn.has('nvim-0.11') == 1 then
    answer, err = client:request_sync(method, params, PATIENCE, bufnr)
  else
    answer, err = client.request_sync(method, params, PATIENCE, bufnr)
  end
  if not answer or answer.err then
    local why = answer and answer.err and answer.err.message or err or 'no answer'
    vim.notify(NAME .. ': ' .. tostring(why), vim.log.levels.WARN)
    return nil
  end
  return answer.result
end

--- Applies every safe fix to a buffer; whether there were any.
function M.fix_all(bufnr)
  bufnr = (bufnr == nil or bufnr == 0) and vim.api.nvim_get_current_buf() or bufnr
  local client = client_of(bufnr)
  if not client then
    return false
  end
  local start = { line = 0, character = 0 }
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    range = { start = start, ['end'] = start },
    context = { diagnostics = {}, only = { FIX_ALL } },
  }
  local action = (ask(client, 'textDocument/codeAction', params, bufnr) or {})[1]
  if action and not action.edit then
    action = ask(client, 'codeAction/resolve', action, bufnr)
  end
  if not action or not action.edit then
    return false
  end
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding or 'utf-16')
  return true
end

local function rule_at_cursor()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  for _, found in ipairs(vim.diagnostic.get(0, { lnum = line })) do
    if found.source == NAME then
      local data = found.user_data and found.user_data.lsp
      return found.code or (data and data.code)
    end
  end
  return nil
end

--- Shows what a rule is about: the named one, or that of the finding in the cursor's line.
function M.explain(rule)
  rule = rule and rule ~= '' and rule or rule_at_cursor()
  if not rule then
    vim.notify(NAME .. ': no finding in this line', vim.log.levels.INFO)
    return
  end
  local client = client_of(0)
  local program = client and client.config.cmd[1] or options.cmd[1]
  local command = { program, 'explain', rule, '--color', 'never' }
  if options.settings.lang then
    vim.list_extend(command, { '--lang', options.settings.lang })
  end
  local lines = vim.fn.systemlist(command)
  if vim.v.shell_error ~= 0 then
    vim.notify(NAME .. ': there is no page of ' .. rule, vim.log.levels.WARN)
    return
  end
  vim.cmd('new')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  local buffer = vim.bo[vim.api.nvim_get_current_buf()]
  buffer.buftype, buffer.bufhidden, buffer.swapfile, buffer.modifiable = 'nofile', 'wipe', false, false
  buffer.filetype = 'markdown'
end

--- Tells running servers other settings, and later ones too.
function M.set(changed)
  options.settings = vim.tbl_extend('force', options.settings, changed)
  local list = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in ipairs(list()) do
    if is_own(client) then
      local params = { settings = { [NAME] = settings() } }
      if vim.fn.has('nvim-0.11') == 1 then
        client:notify('workspace/didChangeConfiguration', params)
      else
        client.notify('workspace/didChangeConfiguration', params)
      end
    end
  end
end

--- Sets options without starting anything: for those who use `vim.lsp.enable('openclaw_lint')`.
function M.configure(given)
  options = vim.tbl_extend('force', options, given or {})
end

--- Starts the server for every file of ours that is opened, and for those that are open.
function M.setup(given)
  M.configure(given)
  local group = vim.api.nvim_create_augroup('openclaw_lint', { clear = true })
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
    group = group,
    callback = function(event)
      if M.is_ours(vim.api.nvim_buf_get_name(event.buf)) then
        attach(event.buf)
      end
    end,
  })
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) and M.is_ours(vim.api.nvim_buf_get_name(bufnr)) then
      attach(bufnr)
    end
  end
end

return M
