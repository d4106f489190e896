use super::*;

fn page(width: u16) -> Page {
    let charset = Charset::Unicode;
    Page { width, charset }
}

fn written(grid: &Grid) -> String {
    let mut out = Vec::new();
    grid.write(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    anstream::adapter::strip_str(&text).to_string()
}

fn table(width: u16) -> String {
    let headings = ["account", "name", ">all", "what", "empty"];
    let mut grid = Grid::new(page(width), &headings).whole(1);
    for (id, name, all, what) in [
        ("111122223333", "storefront", "12", "two words"),
        (
            "222233334444",
            "payments-ledger",
            "1,204",
            "a sentence of some more words",
        ),
    ] {
        let cells = [id, name, all, what, ""];
        grid.row(cells.map(str::to_owned));
    }
    written(&grid)
}

#[test]
fn columns_fold_from_the_right_numbers_last() {
    insta::assert_snapshot!(table(80), @r"
      account       name               all  what
      111122223333  storefront          12  two words
      222233334444  payments-ledger  1,204  a sentence of some more words
    ");
    insta::assert_snapshot!(table(60), @r"
      account       name               all  what
      111122223333  storefront          12  two words
      222233334444  payments-ledger  1,204  a sentence of some
                                            more words
    ");
    insta::assert_snapshot!(table(40), @r"
      account       name               all
      111122223333  storefront          12
        what: two words
      222233334444  payments-ledger  1,204
        what: a sentence of some more words
    ");
    insta::assert_snapshot!(table(30), @r"
      account         all
      111122223333     12
        name: storefront,
        what: two words
      222233334444  1,204
        name: payments-ledger,
        what: a sentence of some
        more words
    ");
}

#[test]
fn only_a_word_that_is_longer_than_a_line_is_broken() {
    let mut grid = Grid::new(page(20), &["id", "what"]);
    grid.row(["1".to_owned(), "abcdefghijklmnopqrstuvwxyz".to_owned()]);
    let text = written(&grid);
    assert!(text.lines().all(|line| line.width() <= 20), "{text}");
    let letters: String = text.split_whitespace().collect();
    assert!(letters.ends_with("abcdefghijklmnopqrstuvwxyz"), "{text}");
}

#[test]
fn wide_characters_and_styles_are_measured_as_they_are_shown() {
    let mut grid = Grid::new(page(40), &["name", ">n"]);
    grid.row([paint(FAINT, "東京"), "1".to_owned()]);
    grid.row(["ab".to_owned(), "22".to_owned()]);
    insta::assert_snapshot!(written(&grid), @r"
      name   n
      東京   1
      ab    22
    ");
}

#[test]
fn a_line_stands_across_all_columns() {
    let mut grid = Grid::new(page(40), &["severity", "check"]);
    grid.line("\nA heading of several words".to_owned());
    grid.row(["high", "x"].map(str::to_owned));
    insta::assert_snapshot!(written(&grid), @r"
      severity  check

      A heading of several words
      high      x
    ");
}
