<!--#include file="inc/cycle-a.inc"-->
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0135 | Cyclic Include | /inc/cycle-b.inc, line 1
-->
