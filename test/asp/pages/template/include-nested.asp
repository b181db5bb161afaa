<!--#include file="parts/outer.inc"-->
<!--expect
= (outer [bottom])
-->
