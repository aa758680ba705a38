//! Requests of the client and their answers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionRequest, CodeActionResolveRequest, CodeActionResponse,
    CompletionRequest, CompletionResponse, Definition, DefinitionRequest, DefinitionResponse, DocumentDiagnosticParams,
    DocumentDiagnosticReport, DocumentDiagnosticRequest, DocumentLinkRequest, DocumentSymbolRequest,
    DocumentSymbolResponse, FoldingRangeRequest, FullDocumentDiagnosticReport, HoverRequest, Position,
    PrepareRenamePlaceholder, PrepareRenameRequest, PrepareRenameResult, ReferencesRequest,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, TextEdit,
    UnchangedDocumentDiagnosticReport, Uri, WorkspaceEdit,
};
use lsp_server::{ErrorCode, Request, Response};
use serde::Serialize;
use serde_json::Value as Json;

use crate::language::Language;

use super::actions::{self, Asked, FIX_ALL};
use super::around::Around;
use super::documents::path_of;
use super::server::Server;
use super::{completion, hover, navigation, outline};

/// Answers a request, or lets it wait for the findings of the text as it is now.
pub(super) fn answer(server: &mut Server<'_>, request: Request) {
    match request.method.as_str() {
        "textDocument/diagnostic" => when_fresh::<DocumentDiagnosticRequest>(
            server,
            request,
            |params| &params.text_document.uri,
            |server, path, params| Some(diagnostic(server, path, params)),
        ),
        "textDocument/codeAction" => code_action(server, request),
        "codeAction/resolve" => resolve(server, request),
        "textDocument/hover" => at_once::<HoverRequest>(server, request, |server, params| {
            let (path, position) = place(&params.text_document_position_params);
            let look = Look::new(server, &path, position)?;
            if let Some(file) = look.around.env_file(&path) {
                return hover::in_env_file(file, &look.around, look.offset, &server.options);
            }
            hover::in_config(look.around.config(&path)?, &look.around, look.offset, &server.options)
        }),
        "textDocument/completion" => at_once::<CompletionRequest>(server, request, |server, params| {
            let (path, position) = place(&params.text_document_position_params);
            let look = Look::new(server, &path, position)?;
            let items = match (look.around.env_file(&path), look.around.config(&path)) {
                (Some(file), _) => completion::in_env_file(file, &look.around, look.offset),
                (None, Some(config)) => completion::in_config(config, &look.around, look.offset, &server.options),
                (None, None) => return None,
            };
            Some(CompletionResponse::CompletionItemList(items))
        }),
        "textDocument/definition" => at_once::<DefinitionRequest>(server, request, |server, params| {
            let (path, position) = place(&params.text_document_position_params);
            let look = Look::new(server, &path, position)?;
            let found = navigation::definitions(&look.around, &path, look.offset, &server.overlay());
            Some(DefinitionResponse::Definition(Definition::LocationList(found)))
        }),
        "textDocument/references" => at_once::<ReferencesRequest>(server, request, |server, params| {
            let (path, position) = place(&params.text_document_position_params);
            let look = Look::new(server, &path, position)?;
            Some(navigation::references_to(&look.around, &path, look.offset, &server.overlay()))
        }),
        "textDocument/prepareRename" => at_once::<PrepareRenameRequest>(server, request, |server, params| {
            let (path, position) = place(&params.text_document_position_params);
            let look = Look::new(server, &path, position)?;
            let (name, span) = navigation::variable(&look.around, &path, look.offset)?;
            let range = server.documents.get(&path)?.text.range(span);
            Some(PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder { range, placeholder: name }))
        }),
        "textDocument/rename" => rename(server, request),
        "textDocument/documentLink" => at_once::<DocumentLinkRequest>(server, request, |server, params| {
            let path = path_of(&params.text_document.uri);
            let look = Look::new(server, &path, Position::default())?;
            Some(navigation::links(look.around.config(&path)?, &server.overlay()))
        }),
        "textDocument/documentSymbol" => at_once::<DocumentSymbolRequest>(server, request, |server, params| {
            let path = path_of(&params.text_document.uri);
            let look = Look::new(server, &path, Position::default())?;
            let symbols = match (look.around.env_file(&path), look.around.config(&path)) {
                (Some(file), _) => outline::variables(file),
                (None, Some(config)) => outline::symbols(config),
                (None, None) => return None,
            };
            Some(if server.client.nested_symbols {
                DocumentSymbolResponse::DocumentSymbolList(symbols)
            } else {
                DocumentSymbolResponse::SymbolInformationList(outline::flat(symbols, &params.text_document.uri))
            })
        }),
        "textDocument/foldingRange" => at_once::<FoldingRangeRequest>(server, request, |server, params| {
            let path = path_of(&params.text_document.uri);
            let look = Look::new(server, &path, Position::default())?;
            Some(outline::folds(look.around.config(&path)?))
        }),
        _ => {
            // Not by its name: nothing that a client says is repeated.
            let message = "this request is not known here".to_owned();
            server.reply(Response::new_err(request.id.clone(), ErrorCode::MethodNotFound as i32, message));
        }
    }
}

fn place(params: &gen_lsp_types::TextDocumentPositionParams) -> (PathBuf, Position) {
    (path_of(&params.text_document.uri), params.position)
}

/// What is around a place of an open document.
struct Look {
    around: Around,
    offset: u32,
}

impl Look {
    fn new(server: &Server<'_>, path: &Path, position: Position) -> Option<Self> {
        let offset = server.documents.get(path)?.text.offset(position);
        Some(Self { around: Around::of(path, &server.overlay(), &server.options), offset })
    }
}

fn at_once<R>(server: &mut Server<'_>, request: Request, act: impl FnOnce(&Server<'_>, R::Params) -> R::Result)
where
    R: gen_lsp_types::Request,
{
    let response = match serde_json::from_value::<R::Params>(request.params) {
        Ok(params) => Response::new_ok(request.id, act(server, params)),
        Err(_) => unreadable(request.id, &request.method),
    };
    server.reply(response);
}

/// What serde says may quote the text of a document, so that it is not passed on.
fn unreadable(id: lsp_server::RequestId, method: &str) -> Response {
    Response::new_err(id, ErrorCode::InvalidParams as i32, format!("{method}: its parameters cannot be read"))
}

fn when_fresh<R>(
    server: &mut Server<'_>,
    request: Request,
    uri: impl FnOnce(&R::Params) -> &Uri,
    act: impl FnOnce(&mut Server<'_>, &Path, R::Params) -> Option<R::Result>,
) where
    R: gen_lsp_types::Request,
    R::Result: Serialize,
{
    let Ok(params) = serde_json::from_value::<R::Params>(request.params.clone()) else {
        return server.reply(unreadable(request.id, &request.method));
    };
    let path = path_of(uri(&params));
    if !server.is_fresh(&path) {
        return server.wait(request, path);
    }
    // Nothing: the answer comes later.
    if let Some(result) = act(server, &path, params) {
        server.reply(Response::new_ok(request.id, result));
    }
}

fn diagnostic(server: &mut Server<'_>, path: &Path, params: DocumentDiagnosticParams) -> DocumentDiagnosticReport {
    let items = server.diagnostics(path);
    let mark = server.was_told(path, &items);
    if params.previous_result_id.as_deref() == Some(&*mark) {
        let same = UnchangedDocumentDiagnosticReport::new(mark);
        return DocumentDiagnosticReport::RelatedUnchangedDocumentDiagnosticReport(
            RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: same,
            },
        );
    }
    let full = FullDocumentDiagnosticReport::new(Some(mark), items);
    DocumentDiagnosticReport::RelatedFullDocumentDiagnosticReport(RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: full,
    })
}

fn code_action(server: &mut Server<'_>, request: Request) {
    let id = request.id.clone();
    when_fresh::<CodeActionRequest>(
        server,
        request,
        |params| &params.text_document.uri,
        |server, path, params| match actions_at(server, path, &params) {
            Some(actions) => Some(Some(actions.into_iter().map(CodeActionResponse::CodeAction).collect())),
            None => {
                server.mend(id, path.to_path_buf());
                None
            }
        },
    );
}

/// `None`: only all fixes are asked for, and they take a while.
fn actions_at(server: &Server<'_>, path: &Path, params: &CodeActionParams) -> Option<Vec<CodeAction>> {
    let only = params.context.only.as_deref();
    let Some(document) = server.documents.get(path) else { return Some(Vec::new()) };
    let found = server.found(path);
    let mut all = Vec::new();
    if actions::is_wanted(CodeActionKind::QuickFix.as_str(), only) {
        let around = Around::of(path, &server.overlay(), &server.options);
        let asked = Asked {
            path,
            document,
            range: params.range,
            around: &around,
            snippets: server.client.snippets,
            language: server.options.language,
        };
        all = actions::fixes(&asked, &found, &server.documents);
        all.extend(actions::silences(&asked, &found));
    }
    let can_fix = || found.iter().flat_map(|found| &found.fixes).any(|fix| fix.safety == crate::finding::Safety::Safe);
    if actions::is_wanted(FIX_ALL, only) && can_fix() {
        if server.client.resolves_edits {
            all.push(fix_all(server.options.language, &params.text_document.uri));
        } else if only.is_some() {
            return None;
        }
    }
    Some(all)
}

fn fix_all(language: Language, uri: &Uri) -> CodeAction {
    CodeAction {
        title: language.text("apply all safe fixes").to_owned(),
        kind: Some(CodeActionKind::from(FIX_ALL.to_owned())),
        data: Some(Json::String(uri.0.clone())),
        ..CodeAction::default()
    }
}

fn resolve(server: &mut Server<'_>, request: Request) {
    let action = serde_json::from_value::<CodeAction>(request.params.clone()).ok();
    let path = action.and_then(|action| Some(path_of(&Uri(action.data?.as_str()?.to_owned()))));
    match path.filter(|path| server.documents.get(path).is_some()) {
        Some(path) => server.mend(request.id, path),
        // Every other action is whole as it is.
        None => at_once::<CodeActionResolveRequest>(server, request, |_, action| action),
    }
}

/// All safe fixes of a document: the answer to a request for them, or to one for the edits of that action.
pub(super) fn mended(server: &Server<'_>, path: &Path, edits: Vec<TextEdit>) -> Json {
    let uri = server.documents.uri(path);
    let changes = HashMap::from([(uri.clone(), edits)]);
    let edit = WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    let action = CodeAction { edit: Some(edit), ..fix_all(server.options.language, &uri) };
    let result =
        if server.client.resolves_edits { serde_json::to_value(action) } else { serde_json::to_value([action]) };
    result.unwrap_or_default()
}

fn rename(server: &mut Server<'_>, request: Request) {
    let Ok(params) = serde_json::from_value::<gen_lsp_types::RenameParams>(request.params.clone()) else {
        return server.reply(unreadable(request.id, &request.method));
    };
    let (path, position) = place(&params.text_document_position_params);
    let edit = Look::new(server, &path, position)
        .and_then(|look| navigation::rename(&look.around, &path, look.offset, &params.new_name, &server.overlay()));
    let response = match edit {
        Some(edit) => Response::new_ok(request.id, Some(edit)),
        None => {
            let message = server
                .options
                .language
                .text("a variable's name has capital letters, digits and _, and begins with no digit");
            Response::new_err(request.id, ErrorCode::InvalidRequest as i32, message.to_owned())
        }
    };
    server.reply(response);
}
