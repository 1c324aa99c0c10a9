//! Words that stand for one of a few things.

use serde::Serialize;

use crate::wire::tree::{FromTree, Tree, WrongValue};

/// Declares an enumeration of words, and its conversions to and from the type in memory.
macro_rules! words {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident { $( $(#[doc = $variant_doc:literal])* $variant:ident = $word:literal, )+ }
    )+) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub(in crate::wire) enum $name {
            $( $(#[doc = $variant_doc])* #[serde(rename = $word)] $variant, )+
        }

        impl FromTree for $name {
            fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
                const WORDS: &[&str] = &[$( $word, )+];
                const ALL: &[$name] = &[$( $name::$variant, )+];
                let number = tree.word(WORDS)?;
                ALL.get(number).copied().ok_or_else(|| WrongValue::new("no such word"))
            }
        }

        impl From<crate::$name> for $name {
            fn from(value: crate::$name) -> Self {
                match value {
                    $( crate::$name::$variant => Self::$variant, )+
                }
            }
        }

        impl From<$name> for crate::$name {
            fn from(value: $name) -> Self {
                match value {
                    $( $name::$variant => Self::$variant, )+
                }
            }
        }
    )+};
}

words! {
    /// The kinds of system.
    Kind {
        /// Ordinary differential equations.
        Ode = "ode",
        /// The equations of a named structure, linear in the states.
        Analytical = "analytical",
        /// Stochastic differential equations.
        Stochastic = "sde",
    }
    /// The solvers.
    Solver {
        /// Explicit until the problem proves stiff, and back.
        Automatic = "auto",
        /// An explicit method only.
        Explicit = "explicit",
        /// A method for stiff problems only.
        Stiff = "stiff",
    }
    /// The scales on which estimators work.
    Transform {
        /// The logarithm.
        Log = "log",
        /// The logit between the bounds.
        Logit = "logit",
    }
    /// Ways from the values of a covariate on records to its value at any time.
    Interpolation {
        /// Straight lines between records.
        Linear = "linear",
        /// The last observation is carried forward.
        LastForward = "locf",
        /// The next observation is carried backward.
        NextBackward = "nocb",
        /// One value a subject.
        Constant = "const",
    }
    /// What a route accepts.
    Input {
        /// Boluses.
        Bolus = "bolus",
        /// Infusions.
        Infusion = "infusion",
        /// Both.
        Both = "both",
    }
    /// The residual-error models.
    ErrorModelKind {
        /// No statement about the scatter; no arguments.
        Continuous = "continuous",
        /// σ = a.
        Additive = "additive",
        /// σ = b·|f|.
        Proportional = "proportional",
        /// σ² = a² + b²·f².
        Combined = "combined",
        /// σ = a + b·|f|.
        CombinedSum = "combined_sum",
        /// ln y is normal around ln f with standard deviation s.
        LogNormal = "lognormal",
        /// Arguments c0, c1, c2, c3, λ: α = c0 + c1·y + c2·y² + c3·y³, σ = √(α² + λ²).
        AssayLambda = "assay_lambda",
        /// Arguments c0, c1, c2, c3, γ: the same α, σ = γ·α.
        AssayGamma = "assay_gamma",
    }
    /// Operations on one operand.
    UnaryOperation {
        /// Sign change.
        Negate = "negate",
        /// Absolute value.
        Absolute = "absolute",
        /// Square root.
        SquareRoot = "square_root",
        /// Largest whole number not above.
        Floor = "floor",
        /// Smallest whole number not below.
        Ceiling = "ceiling",
        /// Whole part.
        Truncate = "truncate",
        /// Negation of a Boolean.
        Not = "not",
    }
    /// Operations on two reals.
    BinaryOperation {
        /// Sum.
        Add = "add",
        /// Difference.
        Subtract = "subtract",
        /// Product.
        Multiply = "multiply",
        /// Quotient.
        Divide = "divide",
        /// The smaller; NaN if either is; −0 is smaller than +0.
        Minimum = "minimum",
        /// The larger; NaN if either is; +0 is larger than −0.
        Maximum = "maximum",
    }
    /// Comparisons of two reals.
    Comparison {
        /// `==`.
        Equal = "equal",
        /// `!=`.
        NotEqual = "not_equal",
        /// `<`.
        Less = "less",
        /// `<=`.
        LessEqual = "less_equal",
        /// `>`.
        Greater = "greater",
        /// `>=`.
        GreaterEqual = "greater_equal",
    }
    /// Connectives of two Booleans.
    Logic {
        /// Both.
        And = "and",
        /// At least one.
        Or = "or",
    }
    /// Functions of one or two reals.
    Function {
        /// e to the power of x.
        Exp = "exp",
        /// e to the power of x, less 1.
        Expm1 = "expm1",
        /// Natural logarithm.
        Log = "log",
        /// Natural logarithm of 1 + x.
        Log1p = "log1p",
        /// Logarithm to base 2.
        Log2 = "log2",
        /// Logarithm to base 10.
        Log10 = "log10",
        /// x to the power of y.
        Pow = "pow",
        /// Cube root.
        Cbrt = "cbrt",
        /// Square root of x² + y².
        Hypot = "hypot",
        /// Sine.
        Sin = "sin",
        /// Cosine.
        Cos = "cos",
        /// Tangent.
        Tan = "tan",
        /// Inverse sine.
        Asin = "asin",
        /// Inverse cosine.
        Acos = "acos",
        /// Inverse tangent.
        Atan = "atan",
        /// Inverse tangent of y/x in the quadrant of (x, y); arguments in the order y, x.
        Atan2 = "atan2",
        /// Hyperbolic sine.
        Sinh = "sinh",
        /// Hyperbolic cosine.
        Cosh = "cosh",
        /// Hyperbolic tangent.
        Tanh = "tanh",
        /// Error function.
        Erf = "erf",
        /// Complement of the error function.
        Erfc = "erfc",
        /// Gamma function.
        Gamma = "tgamma",
        /// Logarithm of the absolute value of the gamma function.
        LogGamma = "lgamma",
        /// Logarithmic derivative of the gamma function.
        Digamma = "digamma",
        /// Nearest whole number, halves away from zero.
        Round = "round",
    }
    /// Whether the right-hand side is a constant matrix times the states plus a constant vector between
    /// events.
    Linearity {
        /// No, or not known to be.
        None = "none",
        /// Yes, while no covariate is on a slope.
        UnlessSloped = "unless_sloped",
        /// Yes, always.
        Always = "always",
    }
}
