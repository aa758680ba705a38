//! Help and errors of the command line in another language. clap writes the English ones itself; for another it gets a
//! command with other words, and what it still says in English is replaced in its text.

use std::error::Error as _;
use std::io::Write as _;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, Command, Error};
use openclaw_lint::language::{Language, Phrase};
use openclaw_lint::report::wrap;
use unicode_width::UnicodeWidthStr;

/// Columns before the help of an argument on a line of its own.
const INDENT: usize = 10;
/// Columns for names in a list of commands or of a few options.
const NAMES: usize = 26;
/// Columns of what stands around defaults and values: `[possible values: ]`.
const NOTE: usize = 20;
/// clap does not fill wider terminals either.
const WIDEST: usize = 100;

/// What clap writes itself; longer texts before those that are part of them.
const WORDS: &[&str] = &[
    "Usage:",
    "Commands:",
    "Arguments:",
    "Options:",
    "Possible values:",
    "[possible values: ",
    "[default: ",
    "[OPTIONS]",
    "[COMMAND]",
    "<COMMAND>",
    "Print help (see more with '--help')",
    "Print help (see a summary with '-h')",
    "Print this message or the help of the given subcommand(s)",
    "Print version",
    "Print help",
];

/// Prints what clap has to say instead of running a command.
pub(super) fn print(command: Command, error: &Error, language: Language, width: usize) {
    if language == Language::English {
        // clap knows where each belongs; a reader that has gone away is no error.
        let _ = error.print();
        return;
    }
    let text = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let again = in_language(command, language, width.min(WIDEST)).try_get_matches();
            again.err().map(|error| error.render().ansi().to_string()).unwrap_or_default()
        }
        ErrorKind::DisplayVersion => error.render().ansi().to_string(),
        _ => complaint(error, language),
    };
    let text = WORDS.iter().fold(text, |text, word| text.replace(word, language.text(word)));
    let _ =
        if error.use_stderr() { write!(anstream::stderr(), "{text}") } else { write!(anstream::stdout(), "{text}") };
}

/// A command with all its words in a language. It is good for help and completions only: its values are no
/// longer parsed.
pub(super) fn in_language(mut command: Command, language: Language, width: usize) -> Command {
    let lines = |text: String, width: usize| -> String {
        let paragraphs = text.split('\n').map(|line| wrap(language.text(line), width, width).join("\n"));
        paragraphs.collect::<Vec<_>>().join("\n")
    };
    let is_parent = command.has_subcommands();
    let room = width.saturating_sub(if is_parent { NAMES } else { INDENT });
    if let Some(about) = command.get_about().map(ToString::to_string) {
        command = command.about(lines(about, width - NAMES));
    }
    if let Some(about) = command.get_long_about().map(ToString::to_string) {
        command = command.long_about(lines(about, width));
    }
    command = command.mut_args(|argument| {
        let argument = match argument.get_help().map(ToString::to_string) {
            Some(help) => with_help(argument, lines(help, room), room),
            None => argument,
        };
        with_values(argument, language)
    });
    command = command.mut_subcommands(|inner| in_language(inner, language, width));
    // clap counts one column for each character, and breaks only at blanks: the lines are broken already.
    command.next_line_help(!is_parent).term_width(width)
}

/// Defaults and values follow the short help on its line, where they fit.
fn with_help(argument: Arg, help: String, room: usize) -> Arg {
    let last = help.lines().last().map_or(0, UnicodeWidthStr::width);
    let names = |count: usize, width: usize| if count > 0 { width + NOTE } else { 0 };
    let defaults = argument.get_default_values().iter().map(|value| value.len()).sum();
    let values = argument.get_possible_values().iter().map(|value| value.get_name().len() + 2).sum();
    let follows = names(argument.get_default_values().len(), defaults) + names(values, values);
    if follows > 0 && last + follows > room {
        argument.help(format!("{help}\n")).long_help(help)
    } else {
        argument.help(help)
    }
}

/// The values of an argument, with other words about them.
fn with_values(argument: Arg, language: Language) -> Arg {
    let value = |value: PossibleValue| {
        let help = value.get_help().map(|help| language.text(&help.to_string()).to_owned());
        match help {
            Some(help) => value.help(help),
            None => value,
        }
    };
    let values: Vec<PossibleValue> = argument.get_possible_values().into_iter().map(value).collect();
    let takes_value = argument.get_num_args().is_none_or(|number| number.takes_values());
    if values.is_empty() || !takes_value || matches!(argument.get_action(), clap::ArgAction::SetTrue) {
        argument
    } else {
        argument.value_parser(PossibleValuesParser::new(values))
    }
}

/// A mistake in the arguments.
fn complaint(error: &Error, language: Language) -> String {
    let fact = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = fact(ContextKind::InvalidArg);
    let phrase = match error.kind() {
        ErrorKind::UnknownArgument => Phrase::new("there is no option '{argument}'"),
        ErrorKind::InvalidSubcommand => {
            Phrase::new("there is no command '{command}'").with("command", fact(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => Phrase::new("'{argument}' is missing"),
        ErrorKind::MissingSubcommand => Phrase::new("a command is missing"),
        ErrorKind::ArgumentConflict => Phrase::new("'{argument}' cannot be given together with '{other}'")
            .with("other", fact(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if fact(ContextKind::InvalidValue).is_empty() => {
            Phrase::new("'{argument}' needs a value[[; possible are {values}]]")
                .with("values", fact(ContextKind::ValidValue))
        }
        ErrorKind::InvalidValue => Phrase::new("'{argument}' cannot be '{value}'[[; possible are {values}]]")
            .with("value", fact(ContextKind::InvalidValue))
            .with("values", fact(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => Phrase::new("'{argument}' cannot be '{value}'[[: {reason}]]")
            .with("value", fact(ContextKind::InvalidValue))
            .with("reason", error.source().map(|reason| Phrase::new(reason.to_string()))),
        // The rest are mistakes that these arguments do not allow: clap's own words.
        _ => Phrase::new(error.kind().to_string()),
    };
    let message = language.say(&phrase.with("argument", argument));
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    let near = near.into_iter().map(fact).find(|near| !near.is_empty());
    let hint = near.map(|near| language.say(&Phrase::new("did you mean '{near}'?").with("near", near)));
    let usage = error.get(ContextKind::Usage).map(ToString::to_string);
    let more = Some(language.text("'--help' tells more").to_owned());
    let message = Some(format!("{}: {message}", language.text("error")));
    let parts = [message, hint.map(|hint| format!("  {hint}")), usage, more];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::args::Arguments;
    use super::*;
    use clap::CommandFactory;

    fn words(command: &Command, found: &mut Vec<String>) {
        let about = command.get_about().into_iter().chain(command.get_long_about());
        found.extend(about.flat_map(|text| text.to_string().lines().map(str::to_owned).collect::<Vec<_>>()));
        for argument in command.get_arguments() {
            found.extend(argument.get_help().into_iter().chain(argument.get_long_help()).map(ToString::to_string));
            let values = argument.get_possible_values();
            found.extend(values.iter().filter_map(|value| value.get_help()).map(ToString::to_string));
        }
        command.get_subcommands().for_each(|inner| words(inner, found));
    }

    #[test]
    fn every_option_has_a_chinese_help() {
        let mut found: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
        words(&Arguments::command(), &mut found);
        let missing: Vec<String> =
            found.into_iter().filter(|text| !text.is_empty() && !Language::Chinese.knows(text)).collect();
        assert!(missing.is_empty(), "src/language/zh-CN.json5 lacks {missing:#?}");
    }

    #[test]
    fn help_in_chinese_speaks_no_english() {
        for name in
            ["check", "fix", "rules", "explain", "auth", "upgrade", "convert", "init", "hook", "schema", "completions"]
        {
            for option in ["--help", "-h"] {
                let command = in_language(Arguments::command(), Language::Chinese, 80);
                let error = command.try_get_matches_from(["openclaw-lint", name, option]).expect_err("help");
                let text = error.render().to_string();
                let text = WORDS.iter().fold(text, |text, word| text.replace(word, Language::Chinese.text(word)));
                assert!(text.lines().all(|line| line.width() <= 80), "{text}");
                assert!(!text.contains(" the ") && !text.contains("Print "), "{text}");
            }
        }
    }
}
