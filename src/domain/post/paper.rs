//! The paper that is printed on: envelopes, sheets of labels, and copies of a notice.

use crate::domain::text_enum::text_enum;

text_enum!(
    /// An envelope for inland letters. Source: GB/T 1416-2003 (sizes and designations).
    EnvelopeSize {
        /// 5号: an A4 sheet folded twice.
        Dl = "dl", "DL 220×110mm";
        /// 7号: an A4 sheet folded once.
        C5 = "c5", "C5 229×162mm";
        /// 9号: an A4 sheet unfolded.
        C4 = "c4", "C4 324×229mm";
    }
);

impl EnvelopeSize {
    /// Width and height in millimetres.
    #[must_use]
    pub const fn mm(self) -> (u16, u16) {
        match self {
            Self::Dl => (220, 110),
            Self::C5 => (229, 162),
            Self::C4 => (324, 229),
        }
    }
}

text_enum!(
    /// An A4 sheet of labels, by columns and rows. The measures are those of the sheets in the shops.
    LabelSheet {
        /// 14 labels of 99.1 × 38.1 mm.
        TwoBySeven = "2x7", "2列×7行，每张99.1×38.1mm";
        /// 24 labels of 70 × 37 mm, without gaps.
        ThreeByEight = "3x8", "3列×8行，每张70×37mm";
        /// 21 labels of 63.5 × 38.1 mm.
        ThreeBySeven = "3x7", "3列×7行，每张63.5×38.1mm";
        /// 8 labels of 99.1 × 67.7 mm.
        TwoByFour = "2x4", "2列×4行，每张99.1×67.7mm";
    }
);

/// Where the labels of a sheet lie, in tenths of a millimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelGrid {
    /// Labels side by side.
    pub columns: u16,
    /// Labels one below the other.
    pub rows: u16,
    /// Width of one.
    pub width: u16,
    /// Height of one.
    pub height: u16,
    /// From the left edge of the sheet to the first.
    pub left: u16,
    /// From the upper edge of the sheet to the first.
    pub top: u16,
    /// Between two side by side.
    pub gap: u16,
}

impl LabelSheet {
    /// Where its labels lie.
    #[must_use]
    pub const fn grid(self) -> LabelGrid {
        match self {
            Self::TwoBySeven => LabelGrid {
                columns: 2,
                rows: 7,
                width: 991,
                height: 381,
                left: 47,
                top: 151,
                gap: 25,
            },
            Self::ThreeByEight => {
                LabelGrid { columns: 3, rows: 8, width: 700, height: 370, left: 0, top: 5, gap: 0 }
            }
            Self::ThreeBySeven => LabelGrid {
                columns: 3,
                rows: 7,
                width: 635,
                height: 381,
                left: 72,
                top: 151,
                gap: 25,
            },
            Self::TwoByFour => LabelGrid {
                columns: 2,
                rows: 4,
                width: 991,
                height: 677,
                left: 47,
                top: 131,
                gap: 25,
            },
        }
    }
}

impl LabelGrid {
    /// How many labels the sheet has.
    #[must_use]
    pub const fn labels(self) -> u16 {
        self.columns * self.rows
    }
}

/// One of several copies (一式两份) of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// Which one, from 1.
    n: u8,
    /// Whether it goes to the applicant, or to somebody else.
    to_applicant: bool,
}

impl Copy {
    /// Most copies of one letter.
    pub const MOST: u8 = 3;

    /// The copies of a letter in their order; nothing is marked where there is but one.
    pub fn of(copies: u8, to_applicant: bool) -> impl Iterator<Item = Option<Self>> {
        (1..=copies).map(move |n| (copies > 1).then_some(Self { n, to_applicant }))
    }

    /// What stands at the edge of each of its pages.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match (self.n, self.to_applicant) {
            (1, true) => "第一份　交申请人",
            (1, false) => "第一份　交收件人",
            (2, _) => "第二份　存档",
            _ => "第三份　备用",
        }
    }
}
