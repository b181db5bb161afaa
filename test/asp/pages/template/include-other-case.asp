<!--#include virtual="/TEMPLATE/Parts/BOTTOM.inc"-->
<!--expect
= [bottom]
-->
