//! Units, which are kept as text.

use pmc_grammar::ast::Unit;

/// Returns a unit in one spelling: `mg/L`, `L^2*kg`, without spaces.
pub(crate) fn unit_text(unit: &Unit) -> String {
    let mut text = String::new();
    for (index, factor) in unit.factors.iter().enumerate() {
        if index > 0 {
            text.push(if factor.divided { '/' } else { '*' });
        }
        text.push_str(&factor.symbol);
        if factor.power != 1.0 {
            text.push('^');
            text.push_str(&factor.power.to_string());
        }
    }
    text
}
