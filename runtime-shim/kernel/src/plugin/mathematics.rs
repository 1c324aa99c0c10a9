//! The elementary functions that models call.
//!
//! Codegen takes those that a model needs; the others leave no trace in its module.
#![allow(unsafe_code, reason = "exported names")]

/// Exports functions of `pmc-math` under their names after `math_`.
macro_rules! export {
    ($($export:ident = $function:ident($($argument:ident),+);)+) => {
        $(
            #[unsafe(no_mangle)]
            extern "C" fn $export($($argument: f64),+) -> f64 {
                pmc_math::$function($($argument),+)
            }
        )+
    };
}

export! {
    math_exp = exp(x);
    math_expm1 = expm1(x);
    math_log = log(x);
    math_log1p = log1p(x);
    math_log2 = log2(x);
    math_log10 = log10(x);
    math_pow = pow(x, y);
    math_cbrt = cbrt(x);
    math_hypot = hypot(x, y);
    math_sin = sin(x);
    math_cos = cos(x);
    math_tan = tan(x);
    math_asin = asin(x);
    math_acos = acos(x);
    math_atan = atan(x);
    math_atan2 = atan2(y, x);
    math_sinh = sinh(x);
    math_cosh = cosh(x);
    math_tanh = tanh(x);
    math_erf = erf(x);
    math_erfc = erfc(x);
    math_tgamma = tgamma(x);
    math_lgamma = lgamma(x);
    math_digamma = digamma(x);
    math_round = round(x);
}
