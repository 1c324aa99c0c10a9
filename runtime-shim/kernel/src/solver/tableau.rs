//! Coefficients of the two methods, in one shape so that one loop takes a stage of either.
//!
//! Plain arrays without addresses in them: the linker that puts this code into modules follows references from
//! code to data only.

/// One of the two methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// The explicit Runge–Kutta pair of orders 5 and 4 with seven stages, the last of them the first of the next
    /// step: Ch. Tsitouras, Comput. Math. Appl. 62 (2011) 770–775.
    Explicit,
    /// The L-stable Rosenbrock method `Rodas5P` of orders 5 and 4 with eight stages: G. Steinebach, BIT Numer.
    /// Math. 63 (2023) 27. Written, as there, for the variables that spare a product with the Jacobian.
    Stiff,
}

impl Method {
    /// Number of stages.
    pub(super) fn stages(self) -> usize {
        match self {
            Self::Explicit => 7,
            Self::Stiff => 8,
        }
    }

    /// Number of right-hand sides that a step evaluates: the explicit method has its first stage from the step before.
    pub(super) fn evaluations(self) -> usize {
        match self {
            Self::Explicit => 6,
            Self::Stiff => 8,
        }
    }

    /// Weights of the stages before `stage` in the argument of its right-hand side.
    pub(super) fn argument(self, stage: usize) -> &'static [f64] {
        match self {
            Self::Explicit => row(&EXPLICIT_ARGUMENTS, stage),
            Self::Stiff => row(&STIFF_ARGUMENTS, stage),
        }
    }

    /// Time at which a stage evaluates, as a fraction of the step.
    pub(super) fn node(self, stage: usize) -> f64 {
        let nodes: &[f64] = match self {
            Self::Explicit => &EXPLICIT_NODES,
            Self::Stiff => &STIFF_NODES,
        };
        nodes.get(stage).copied().unwrap_or(1.0)
    }

    /// Polynomials in the fraction of the step, lowest power first and without constant term, that weigh the
    /// stages in the solution within the step.
    pub(super) fn interpolant(self) -> &'static [[f64; 4]] {
        match self {
            Self::Explicit => &EXPLICIT_INTERPOLANT,
            Self::Stiff => &STIFF_INTERPOLANT,
        }
    }

    /// What multiplies sums of stages: the explicit method's are derivatives, the other's are increments.
    pub(super) fn scale(self, h: f64) -> f64 {
        match self {
            Self::Explicit => h,
            Self::Stiff => 1.0,
        }
    }
}

/// Weights of the stages before `stage` in the right-hand side of its linear system, to be divided by the step.
pub(super) fn correction(stage: usize) -> &'static [f64] {
    row(&STIFF_CORRECTIONS, stage)
}

/// Weight of the time derivative in the right-hand side of a stage's linear system, to be multiplied by the step.
pub(super) fn time_weight(stage: usize) -> f64 {
    STIFF_TIME_WEIGHTS.get(stage).copied().unwrap_or(0.0)
}

/// Returns a row of a strictly lower triangular matrix that is stored without its zeros.
fn row(matrix: &'static [f64], number: usize) -> &'static [f64] {
    let start = number * number.saturating_sub(1) / 2;
    matrix.get(start..start + number).unwrap_or_default()
}

#[rustfmt::skip]
static EXPLICIT_ARGUMENTS: [f64; 21] = [
    0.161,
    -0.008480655492356989, 0.335480655492357,
    2.8971530571054935, -6.359448489975075, 4.3622954328695815,
    5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525,
    5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383,
    0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774,
];

static EXPLICIT_NODES: [f64; 5] = [0.0, 0.161, 0.327, 0.9, 0.9800255409045097];

/// Weights of the stages of the explicit method in the estimate of the local error, to be multiplied by the step; that
/// of the other method is its last stage.
#[rustfmt::skip]
pub(super) const EXPLICIT_ERROR: [f64; 7] = [
    -0.00178001105222577714, -0.0008164344596567469, 0.007880878010261995,
    -0.1447110071732629, 0.5823571654525552, -0.45808210592918697,
    1.0 / 66.0,
];

static EXPLICIT_INTERPOLANT: [[f64; 4]; 7] = [
    [1.0, -2.763706197274826, 2.9132554618219126, -1.0530884977290216],
    [0.0, 0.13169999999999998, -0.2234, 0.1017],
    [0.0, 3.9302962368947516, -5.941033872131505, 2.490627285651253],
    [0.0, -12.411077166933676, 30.33818863028232, -16.548102889244902],
    [0.0, 37.50931341651104, -88.1789048947664, 47.37952196281928],
    [0.0, -27.896526289197286, 65.09189467479366, -34.87065786149661],
    [0.0, 1.5, -4.0, 2.5],
];

/// The constant on the diagonal of the Rosenbrock method.
pub(super) const GAMMA: f64 = 0.21193756319429014;

#[rustfmt::skip]
static STIFF_ARGUMENTS: [f64; 28] = [
    3.0,
    2.849394379747939, 0.45842242204463923,
    -6.954028509809101, 2.489845061869568, -10.358996098473584,
    2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641,
    -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946,
    -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1.0,
    -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1.0, 1.0,
];

#[rustfmt::skip]
static STIFF_CORRECTIONS: [f64; 28] = [
    -14.155112264123755,
    -17.97296035885952, -2.859693295451294,
    147.12150275711716, -1.41221402718213, 71.68940251302358,
    165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306,
    24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471,
    30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623, -28.087943162872662,
    37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002, -54.66780262877968, -9.48861652309627,
];

static STIFF_NODES: [f64; 5] =
    [0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664];

static STIFF_TIME_WEIGHTS: [f64; 5] =
    [0.21193756319429014, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069];

static STIFF_INTERPOLANT: [[f64; 4]; 8] = stiff_interpolant();

/// Coefficients of the published interpolant
/// `(1 - x) y0 + x (y1 + (1 - x) (D1 + x (D2 + x D3)))`, where each `D` is a weighted sum of stages.
#[rustfmt::skip]
const PUBLISHED: [[f64; 8]; 3] = [
    [25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204, 0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493],
    [-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796, 20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372],
    [11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643, -52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722],
];

/// Returns the published interpolant as polynomials by stage, `y1` being a weighted sum of stages too.
const fn stiff_interpolant() -> [[f64; 4]; 8] {
    let mut polynomials = [[0.0; 4]; 8];
    let mut stage = 0;
    while stage < 8 {
        let in_end = if stage < 7 { STIFF_ARGUMENTS[21 + stage] } else { 1.0 };
        let [first, second, third] = [PUBLISHED[0][stage], PUBLISHED[1][stage], PUBLISHED[2][stage]];
        polynomials[stage] = [in_end + first, second - first, third - second, -third];
        stage += 1;
    }
    polynomials
}
