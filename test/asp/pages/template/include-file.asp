<!--#include file="parts/top.inc"--><%= title %><!--#include file="parts/bottom.inc"-->
<!--expect
= [top]My title[bottom]
-->
