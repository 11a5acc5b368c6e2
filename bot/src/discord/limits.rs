//! Discord's limits as numbers; texts are counted in UTF-16 units, the larger of the two ways to count.
//!
//! Source: docs.discord.com, "Message", "Embed limits", "Component reference", "Modal".

/// The text of a message: 2,000, with a reserve of 5 %.
pub const CONTENT_MAX: usize = 1_900;
/// All texts of the embeds of a message: 6,000, with a reserve of 5 %.
pub const EMBED_TOTAL_MAX: usize = 5_700;
/// The title of an embed.
pub const EMBED_TITLE_MAX: usize = 256;
/// The description of an embed: 4,096, with a reserve of 5 %.
pub const EMBED_DESCRIPTION_MAX: usize = 3_890;
/// The footer of an embed: 2,048, of which nobody reads more than a line.
pub const EMBED_FOOTER_MAX: usize = 300;
/// Buttons of one row, and rows of one message.
pub const ROW_BUTTONS_MAX: usize = 5;
pub const ROWS_MAX: usize = 5;
/// The label of a button.
pub const BUTTON_LABEL_MAX: usize = 80;
/// The address of a button.
pub const BUTTON_URL_MAX: usize = 512;
/// The id of a control or a modal.
pub const CUSTOM_ID_MAX: usize = 100;
/// The title of a modal, and the label of an input in it.
pub const MODAL_TITLE_MAX: usize = 45;
pub const INPUT_LABEL_MAX: usize = 45;
/// The placeholder of an input.
pub const PLACEHOLDER_MAX: usize = 100;
/// Inputs of a modal.
pub const INPUTS_MAX: usize = 5;
/// What an input takes at most.
pub const INPUT_MAX: u32 = 4_000;
/// What all inputs of a form take together: so much can be given back in one message, with its labels.
pub const WRITTEN_MAX: u32 = 4_500;
/// The name of a thread.
pub const THREAD_NAME_MAX: usize = 100;
/// The nonce of a message.
pub const NONCE_MAX: usize = 25;
/// Choices that are offered while somebody types, and the characters of a label and of a value.
pub const CHOICES_MAX: usize = 25;
pub const CHOICE_MAX: usize = 100;
