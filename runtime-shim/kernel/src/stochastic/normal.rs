//! Normal variates from uniform ones.

/// Bounds of the regions in which one rational function serves: around the middle, and in the tails.
const MIDDLE: f64 = 0.425;
const TAIL: f64 = 5.0;

/// Returns the number below which a standard normal variate lies with a probability between 0 and 1, neither of them.
///
/// Algorithm AS 241 (PPND16) of M. J. Wichura, Applied Statistics 37 (1988) 477: a relative error of about 10⁻¹⁶ in
/// exact arithmetic. One uniform number gives one variate, in most cases by a single division.
pub fn inverse_distribution(probability: f64) -> f64 {
    let distance = probability - 0.5;
    if distance.abs() <= MIDDLE {
        let r = MIDDLE * MIDDLE - distance * distance;
        return distance * ratio(&CENTRE, r);
    }
    let nearer = if distance < 0.0 { probability } else { 1.0 - probability };
    let r = pmc_math::sqrt(-pmc_math::log(nearer));
    let variate = if r <= TAIL { ratio(&SIDE, r - 1.6) } else { ratio(&FAR, r - TAIL) };
    if distance < 0.0 { -variate } else { variate }
}

/// Coefficients of numerator and denominator, highest power first; the last of the denominator is 1.
type Rational = [[f64; 8]; 2];

/// Returns the value of a rational function.
fn ratio(of: &Rational, r: f64) -> f64 {
    let value = |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, next| sum * r + next);
    value(&of[0]) / value(&of[1])
}

const CENTRE: Rational = [
    [
        2.5090809287301226727e+3,
        3.3430575583588128105e+4,
        6.7265770927008700853e+4,
        4.5921953931549871457e+4,
        1.3731693765509461125e+4,
        1.9715909503065514427e+3,
        1.3314166789178437745e+2,
        3.3871328727963666080e+0,
    ],
    [
        5.2264952788528545610e+3,
        2.8729085735721942674e+4,
        3.9307895800092710610e+4,
        2.1213794301586595867e+4,
        5.3941960214247511077e+3,
        6.8718700749205790830e+2,
        4.2313330701600911252e+1,
        1.0,
    ],
];

const SIDE: Rational = [
    [
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e+0,
        3.64784832476320460504e+0,
        5.76949722146069140550e+0,
        4.63033784615654529590e+0,
        1.42343711074968357734e+0,
    ],
    [
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e+0,
        2.05319162663775882187e+0,
        1.0,
    ],
];

const FAR: Rational = [
    [
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e+0,
        5.46378491116411436990e+0,
        6.65790464350110377720e+0,
    ],
    [
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ],
];
