<!--#include file="parts\bottom.inc"-->
<!--expect
= [bottom]
-->
