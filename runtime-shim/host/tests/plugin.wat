(module
  ;; A hand-written plugin. State `a` loses half of itself per unit of time; output `given` is the sum of
  ;; the amounts of all doses so far. The configuration is read only as far as its first byte.
  ;;IMPORTS
  (memory (export "memory") 2 8)
  (global $top (mut i32) (i32.const 4096))

  (func (export "plugin_abi_version") (result i32) (i32.const 1))
  (func (export "plugin_capabilities") (result i64) (i64.const 62))

  (func $alloc (export "plugin_alloc") (param $size i32) (result i32)
    (local $start i32)
    (local.set $start (global.get $top))
    (global.set $top
      (i32.and (i32.add (i32.add (global.get $top) (local.get $size)) (i32.const 7)) (i32.const -8)))
    (if (i32.gt_u (global.get $top) (i32.const 131072)) (then (return (i32.const 0))))
    (local.get $start))
  (func (export "plugin_dealloc") (param i32 i32))

  (func (export "plugin_name") (param i32 i32) (result i32) (i32.const 0))
  (func (export "plugin_create") (param $start i32) (param $length i32) (result i32)
    (if (result i32) (i32.eq (i32.load8_u (local.get $start)) (i32.const 123))
      (then (i32.const 1))
      (else (i32.const 0))))
  (func (export "plugin_free") (param i32))
  (func (export "plugin_step") (param i32 f64 f64 i32 i32 i32 i32) (result i32) (i32.const -10))

  (func (export "plugin_get_metadata") (param $handle i32) (param $out i32) (result i32)
    (i32.store (local.get $out) (i32.const 1024))
    (i32.store offset=4 (local.get $out) (i32.const MANIFEST_LENGTH))
    (i32.const 0))
  (func (export "plugin_last_error") (param $out i32) (result i32)
    (i32.store (local.get $out) (i32.const 512))
    (i32.store offset=4 (local.get $out) (i32.const ERROR_LENGTH))
    (i32.const 0))

  (func (export "plugin_initial") (param $h i32) (param $t f64) (param $in i32) (param $state i32) (result i32)
    (f64.store (local.get $state) (f64.const 8))
    (i32.const 0))
  (func (export "plugin_derivatives")
    (param $h i32) (param $t f64) (param $state i32) (param $in i32) (param $out i32) (result i32)
    (f64.store (local.get $out)
      (f64.add
        (f64.mul (f64.const -0.5) (f64.load (local.get $state)))
        (f64.load (local.get $in))))
    (i32.const 0))
  (func (export "plugin_jacobian")
    (param $h i32) (param $t f64) (param $state i32) (param $in i32) (param $m i32) (param $dt i32) (result i32)
    (f64.store (local.get $m) (f64.const -0.5))
    (f64.store (local.get $dt) (f64.const 0))
    (i32.const 0))
  (func (export "plugin_outputs")
    (param $h i32) (param $t f64) (param $state i32) (param $in i32) (param $out i32) (result i32)
    (f64.store (local.get $out) (f64.load (local.get $state)))
    (i32.const 0))
  (func (export "plugin_route")
    (param $h i32) (param $t f64) (param $route i32) (param $in i32) (param $out i32) (result i32)
    (f64.store (local.get $out) (f64.const 0.25))
    (f64.store offset=8 (local.get $out) (f64.const 1))
    (f64.store offset=16 (local.get $out) (f64.const nan))
    (f64.store offset=24 (local.get $out) (f64.const nan))
    (i32.const 0))

  ;;EXPORTS
  (func (export "plugin_simulate")
    (param $h i32) (param $schedule i32) (param $length i32) (param $out i32) (param $capacity i32) (result i32)
    (local $at i32) (local $end i32) (local $sum f64)
    (local.set $at (i32.add (local.get $schedule) (i32.const 32)))
    (local.set $end (i32.add (local.get $schedule) (local.get $length)))
    ;;SIMULATE
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $sum (f64.add (local.get $sum) (f64.load offset=8 (local.get $at))))
        (if (i32.load offset=44 (local.get $at)) (then
          (f64.store (local.get $out) (local.get $sum))
          (local.set $out (i32.add (local.get $out) (i32.const 8)))))
        (local.set $at (i32.add (local.get $at) (i32.const 48)))
        (br $next)))
    (i32.const 0))

  (data (i32.const 512) "ERROR_TEXT")
  (data (i32.const 1024) "MANIFEST_TEXT")
)
