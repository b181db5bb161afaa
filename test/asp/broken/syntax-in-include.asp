<!--#include file="inc/bad-syntax.inc"-->
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a03f9 | Expected 'Then' | /inc/bad-syntax.inc, line 2
-->
