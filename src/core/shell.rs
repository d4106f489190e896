//! Words of commands that people paste into a shell.
//!
//! A name, a path or an id is chosen by others. In a command it is one word, whatever is in it, for every
//! POSIX shell and for zsh.

/// The text as one word; none where it has characters that cannot be seen, since nobody could tell what
/// the command does.
pub fn quote(text: &str) -> Option<String> {
    let seen = |c: char| c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric();
    if !text.chars().all(seen) {
        return None;
    }
    Some(match is_plain(text) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    })
}

/// A path as one word, which no program takes for an option.
pub fn path(path: &str) -> Option<String> {
    match path.starts_with('-') {
        true => quote(&format!("./{path}")),
        false => quote(path),
    }
}

/// Whether no shell does anything with the text. zsh replaces `=name` at the start of a word by a program's
/// path, and with an option of its own also what follows a `=` or `:` within it.
///
/// Source: <https://zsh.sourceforge.io/Doc/Release/Expansion.html#g_t_0060_003d_0027-expansion>
fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/:=,@".contains(c);
    let starts = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    let assigns = |before: char| before.is_ascii_alphanumeric();
    let equals = text.match_indices('=').map(|(at, _)| &text[..at]);
    text.starts_with(starts)
        && text.chars().all(is_plain)
        && equals.into_iter().all(|before| before.ends_with(assigns))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &[&str] = &[
        "",
        "=ls",
        "~",
        "~root",
        "a=~",
        "a==ls",
        "a:=ls",
        "@a",
        "%1",
        "+x",
        ",",
        "{a,b}",
        "a'b $(touch /tmp/x) \"c\" `d` \\e",
        "a;reboot",
        "a b",
        "!!",
        "*",
        "[a]",
        "#a",
        "$HOME",
        "a&b|c>d<e",
        "^a^b",
        "é 名",
    ];

    #[test]
    fn what_a_shell_could_replace_is_quoted() {
        for text in HOSTILE {
            let quoted = format!("'{}'", text.replace('\'', r"'\''"));
            assert_eq!(quote(text).unwrap(), quoted);
        }
        for plain in [
            "ann",
            "arn:aws:iam::111122223333:user/ann",
            "Name=group-id,Values=sg-1",
            "BlockPublicAcls=true,IgnorePublicAcls=true",
            "./a/b.c",
            "/var/reports",
            "_a",
            "--output=report",
        ] {
            assert_eq!(quote(plain).unwrap(), plain);
        }
    }

    #[test]
    fn shells_read_every_word_back() {
        let mut tried = 0;
        for shell in ["sh", "bash", "zsh", "dash"] {
            for text in HOSTILE {
                let command = format!("printf '%s|' {}", quote(text).unwrap());
                let mut shell = std::process::Command::new(shell);
                let Ok(output) = shell.args(["-c", &command]).output() else {
                    continue;
                };
                let read = String::from_utf8(output.stdout).unwrap();
                assert_eq!(read, format!("{text}|"), "{command}");
                tried += 1;
            }
        }
        assert!(tried >= HOSTILE.len());
    }

    #[test]
    fn what_cannot_be_seen_is_in_no_command() {
        for text in [
            "a\nb",
            "a\u{1b}[31m",
            "a\u{202e}b",
            "a\u{200b}",
            "a\tb",
            "\0",
        ] {
            assert_eq!(quote(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_path_is_no_option() {
        assert_eq!(path("-x/y").unwrap(), "./-x/y");
        assert_eq!(path("--output").unwrap(), "./--output");
        assert_eq!(path("re port").unwrap(), "'re port'");
        assert_eq!(path("=report").unwrap(), "'=report'");
    }
}
