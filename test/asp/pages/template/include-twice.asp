<!--#include file="parts/bottom.inc"--><!--#include file="parts/bottom.inc"-->
<!--expect
= [bottom][bottom]
-->
