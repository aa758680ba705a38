//! What the client can do, and what it is told that the server can do.

use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProvider, CompletionOptions, DefinitionProvider, DiagnosticOptions,
    DiagnosticProvider, DidChangeWatchedFilesRegistrationOptions, DocumentLinkOptions, DocumentSymbolProvider,
    FileSystemWatcher, FoldingRangeProvider, GlobPattern, HoverProvider, InitializeParams, InitializeResult, Pattern,
    ReferencesProvider, Registration, RegistrationParams, RenameOptions, RenameProvider, Save, ServerCapabilities,
    ServerInfo, TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions,
};
use serde_json::Value as Json;

use super::actions::FIX_ALL;
use super::text::Encoding;

/// What the client can do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// Whether it asks for diagnostics; else they are sent. A client that cannot be told to ask again (Neovim 0.11) is sent
    /// them too: it would miss what another file changes.
    pub(super) pulls: bool,
    /// Whether it watches files for the server.
    pub(super) watches: bool,
    /// Whether edits may have places to fill in.
    pub(super) snippets: bool,
    /// Whether the edits of an action may come when it is chosen.
    pub(super) resolves_edits: bool,
    /// Whether symbols may have children.
    pub(super) nested_symbols: bool,
}

impl Client {
    pub(super) fn of(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let workspace = capabilities.workspace.as_ref();
        let document = capabilities.text_document.as_ref();
        let encodings = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let actions = document.and_then(|document| document.code_action.as_ref());
        let resolved = actions.and_then(|actions| actions.resolve_support.as_ref());
        Self {
            encoding: Encoding::agreed(encodings),
            pulls: document.is_some_and(|document| document.diagnostic.is_some())
                && workspace.and_then(|workspace| workspace.diagnostics.as_ref()?.refresh_support) == Some(true),
            watches: workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref()?.dynamic_registration)
                == Some(true),
            snippets: edits
                .is_some_and(|edit| edit.snippet_edit_support == Some(true) && edit.document_changes == Some(true)),
            resolves_edits: actions.is_some_and(|actions| actions.data_support == Some(true))
                && resolved.is_some_and(|resolved| resolved.properties.iter().any(|name| name == "edit")),
            nested_symbols: document
                .and_then(|document| document.document_symbol.as_ref()?.hierarchical_document_symbol_support)
                == Some(true),
        }
    }

    /// The answer to `initialize`.
    pub(super) fn answer(self) -> Json {
        let result = InitializeResult {
            capabilities: self.offered(),
            server_info: Some(ServerInfo {
                name: super::NAME.to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        };
        serde_json::to_value(result).unwrap_or_default()
    }

    fn offered(self) -> ServerCapabilities {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::Bool(true)),
            ..TextDocumentSyncOptions::default()
        };
        let diagnostics = DiagnosticOptions {
            identifier: Some(super::NAME.to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: false,
            ..DiagnosticOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::from(FIX_ALL.to_owned())]),
            resolve_provider: Some(true),
            ..CodeActionOptions::default()
        };
        let characters = ["\"", "'", "{", "$"].map(str::to_owned).to_vec();
        ServerCapabilities {
            position_encoding: Some(self.encoding.kind()),
            text_document_sync: Some(TextDocumentSync::Options(sync)),
            diagnostic_provider: self.pulls.then_some(DiagnosticProvider::DiagnosticOptions(diagnostics)),
            code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
            hover_provider: Some(HoverProvider::Bool(true)),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(characters),
                ..CompletionOptions::default()
            }),
            definition_provider: Some(DefinitionProvider::Bool(true)),
            references_provider: Some(ReferencesProvider::Bool(true)),
            rename_provider: Some(RenameProvider::RenameOptions(RenameOptions {
                prepare_provider: Some(true),
                ..RenameOptions::default()
            })),
            document_link_provider: Some(DocumentLinkOptions::default()),
            document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
            folding_range_provider: Some(FoldingRangeProvider::Bool(true)),
            ..ServerCapabilities::default()
        }
    }

    /// What the client is asked to watch: configs, env files, what may be included, and the linter's own configuration.
    pub(super) fn watched() -> RegistrationParams {
        let patterns = ["**/*.{json,json5}", "**/*.env", "**/.env", "**/.env.*", "**/*.env.*"];
        let watcher = |pattern: &str| FileSystemWatcher {
            glob_pattern: GlobPattern::Pattern(Pattern::from(pattern.to_owned())),
            kind: None,
        };
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: patterns.map(watcher).to_vec() };
        let registration = Registration {
            id: "files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        RegistrationParams { registrations: vec![registration] }
    }
}
