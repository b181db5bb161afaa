' Runtime errors by number: §2.10.
'==== [runtime-5] the text of error 5
On Error Resume Next
Err.Raise 5
Echo Err.Number, Err.Description, Err.Source ' expect: 5 Invalid procedure call or argument Microsoft VBScript runtime error
'==== [runtime-6] the text of error 6
On Error Resume Next
Err.Raise 6
Echo Err.Number, Err.Description, Err.Source ' expect: 6 Overflow Microsoft VBScript runtime error
'==== [runtime-7] the text of error 7
On Error Resume Next
Err.Raise 7
Echo Err.Number, Err.Description, Err.Source ' expect: 7 Out of memory Microsoft VBScript runtime error
'==== [runtime-9] the text of error 9
On Error Resume Next
Err.Raise 9
Echo Err.Number, Err.Description, Err.Source ' expect: 9 Subscript out of range Microsoft VBScript runtime error
'==== [runtime-10] the text of error 10
On Error Resume Next
Err.Raise 10
Echo Err.Number, Err.Description, Err.Source ' expect: 10 This array is fixed or temporarily locked Microsoft VBScript runtime error
'==== [runtime-11] the text of error 11
On Error Resume Next
Err.Raise 11
Echo Err.Number, Err.Description, Err.Source ' expect: 11 Division by zero Microsoft VBScript runtime error
'==== [runtime-13] the text of error 13
On Error Resume Next
Err.Raise 13
Echo Err.Number, Err.Description, Err.Source ' expect: 13 Type mismatch Microsoft VBScript runtime error
'==== [runtime-14] the text of error 14
On Error Resume Next
Err.Raise 14
Echo Err.Number, Err.Description, Err.Source ' expect: 14 Out of string space Microsoft VBScript runtime error
'==== [runtime-17] the text of error 17
On Error Resume Next
Err.Raise 17
Echo Err.Number, Err.Description, Err.Source ' expect: 17 Can't perform requested operation Microsoft VBScript runtime error
'==== [runtime-28] the text of error 28
On Error Resume Next
Err.Raise 28
Echo Err.Number, Err.Description, Err.Source ' expect: 28 Out of stack space Microsoft VBScript runtime error
'==== [runtime-35] the text of error 35
On Error Resume Next
Err.Raise 35
Echo Err.Number, Err.Description, Err.Source ' expect: 35 Sub or Function not defined Microsoft VBScript runtime error
'==== [runtime-48] the text of error 48
On Error Resume Next
Err.Raise 48
Echo Err.Number, Err.Description, Err.Source ' expect: 48 Error in loading DLL Microsoft VBScript runtime error
'==== [runtime-51] the text of error 51
On Error Resume Next
Err.Raise 51
Echo Err.Number, Err.Description, Err.Source ' expect: 51 Internal error Microsoft VBScript runtime error
'==== [runtime-52] the text of error 52
On Error Resume Next
Err.Raise 52
Echo Err.Number, Err.Description, Err.Source ' expect: 52 Bad file name or number Microsoft VBScript runtime error
'==== [runtime-53] the text of error 53
On Error Resume Next
Err.Raise 53
Echo Err.Number, Err.Description, Err.Source ' expect: 53 File not found Microsoft VBScript runtime error
'==== [runtime-54] the text of error 54
On Error Resume Next
Err.Raise 54
Echo Err.Number, Err.Description, Err.Source ' expect: 54 Bad file mode Microsoft VBScript runtime error
'==== [runtime-55] the text of error 55
On Error Resume Next
Err.Raise 55
Echo Err.Number, Err.Description, Err.Source ' expect: 55 File already open Microsoft VBScript runtime error
'==== [runtime-57] the text of error 57
On Error Resume Next
Err.Raise 57
Echo Err.Number, Err.Description, Err.Source ' expect: 57 Device I/O error Microsoft VBScript runtime error
'==== [runtime-58] the text of error 58
On Error Resume Next
Err.Raise 58
Echo Err.Number, Err.Description, Err.Source ' expect: 58 File already exists Microsoft VBScript runtime error
'==== [runtime-61] the text of error 61
On Error Resume Next
Err.Raise 61
Echo Err.Number, Err.Description, Err.Source ' expect: 61 Disk full Microsoft VBScript runtime error
'==== [runtime-62] the text of error 62
On Error Resume Next
Err.Raise 62
Echo Err.Number, Err.Description, Err.Source ' expect: 62 Input past end of file Microsoft VBScript runtime error
'==== [runtime-67] the text of error 67
On Error Resume Next
Err.Raise 67
Echo Err.Number, Err.Description, Err.Source ' expect: 67 Too many files Microsoft VBScript runtime error
'==== [runtime-68] the text of error 68
On Error Resume Next
Err.Raise 68
Echo Err.Number, Err.Description, Err.Source ' expect: 68 Device unavailable Microsoft VBScript runtime error
'==== [runtime-70] the text of error 70
On Error Resume Next
Err.Raise 70
Echo Err.Number, Err.Description, Err.Source ' expect: 70 Permission denied Microsoft VBScript runtime error
'==== [runtime-71] the text of error 71
On Error Resume Next
Err.Raise 71
Echo Err.Number, Err.Description, Err.Source ' expect: 71 Disk not ready Microsoft VBScript runtime error
'==== [runtime-74] the text of error 74
On Error Resume Next
Err.Raise 74
Echo Err.Number, Err.Description, Err.Source ' expect: 74 Can't rename with different drive Microsoft VBScript runtime error
'==== [runtime-75] the text of error 75
On Error Resume Next
Err.Raise 75
Echo Err.Number, Err.Description, Err.Source ' expect: 75 Path/File access error Microsoft VBScript runtime error
'==== [runtime-76] the text of error 76
On Error Resume Next
Err.Raise 76
Echo Err.Number, Err.Description, Err.Source ' expect: 76 Path not found Microsoft VBScript runtime error
'==== [runtime-91] the text of error 91
On Error Resume Next
Err.Raise 91
Echo Err.Number, Err.Description, Err.Source ' expect: 91 Object variable not set Microsoft VBScript runtime error
'==== [runtime-92] the text of error 92
On Error Resume Next
Err.Raise 92
Echo Err.Number, Err.Description, Err.Source ' expect: 92 For loop not initialized Microsoft VBScript runtime error
'==== [runtime-94] the text of error 94
On Error Resume Next
Err.Raise 94
Echo Err.Number, Err.Description, Err.Source ' expect: 94 Invalid use of Null Microsoft VBScript runtime error
'==== [runtime-322] the text of error 322
On Error Resume Next
Err.Raise 322
Echo Err.Number, Err.Description, Err.Source ' expect: 322 Can't create necessary temporary file Microsoft VBScript runtime error
'==== [runtime-424] the text of error 424
On Error Resume Next
Err.Raise 424
Echo Err.Number, Err.Description, Err.Source ' expect: 424 Object required Microsoft VBScript runtime error
'==== [runtime-429] the text of error 429
On Error Resume Next
Err.Raise 429
Echo Err.Number, Err.Description, Err.Source ' expect: 429 ActiveX component can't create object Microsoft VBScript runtime error
'==== [runtime-430] the text of error 430
On Error Resume Next
Err.Raise 430
Echo Err.Number, Err.Description, Err.Source ' expect: 430 Class doesn't support Automation Microsoft VBScript runtime error
'==== [runtime-432] the text of error 432
On Error Resume Next
Err.Raise 432
Echo Err.Number, Err.Description, Err.Source ' expect: 432 File name or class name not found during Automation operation Microsoft VBScript runtime error
'==== [runtime-438] the text of error 438
On Error Resume Next
Err.Raise 438
Echo Err.Number, Err.Description, Err.Source ' expect: 438 Object doesn't support this property or method Microsoft VBScript runtime error
'==== [runtime-440] the text of error 440
On Error Resume Next
Err.Raise 440
Echo Err.Number, Err.Description, Err.Source ' expect: 440 Automation error Microsoft VBScript runtime error
'==== [runtime-445] the text of error 445
On Error Resume Next
Err.Raise 445
Echo Err.Number, Err.Description, Err.Source ' expect: 445 Object doesn't support this action Microsoft VBScript runtime error
'==== [runtime-446] the text of error 446
On Error Resume Next
Err.Raise 446
Echo Err.Number, Err.Description, Err.Source ' expect: 446 Object doesn't support named arguments Microsoft VBScript runtime error
'==== [runtime-447] the text of error 447
On Error Resume Next
Err.Raise 447
Echo Err.Number, Err.Description, Err.Source ' expect: 447 Object doesn't support current locale setting Microsoft VBScript runtime error
'==== [runtime-448] the text of error 448
On Error Resume Next
Err.Raise 448
Echo Err.Number, Err.Description, Err.Source ' expect: 448 Named argument not found Microsoft VBScript runtime error
'==== [runtime-449] the text of error 449
On Error Resume Next
Err.Raise 449
Echo Err.Number, Err.Description, Err.Source ' expect: 449 Argument not optional Microsoft VBScript runtime error
'==== [runtime-450] the text of error 450
On Error Resume Next
Err.Raise 450
Echo Err.Number, Err.Description, Err.Source ' expect: 450 Wrong number of arguments or invalid property assignment Microsoft VBScript runtime error
'==== [runtime-451] the text of error 451
On Error Resume Next
Err.Raise 451
Echo Err.Number, Err.Description, Err.Source ' expect: 451 Object not a collection Microsoft VBScript runtime error
'==== [runtime-453] the text of error 453
On Error Resume Next
Err.Raise 453
Echo Err.Number, Err.Description, Err.Source ' expect: 453 Specified DLL function not found Microsoft VBScript runtime error
'==== [runtime-455] the text of error 455
On Error Resume Next
Err.Raise 455
Echo Err.Number, Err.Description, Err.Source ' expect: 455 Code resource lock error Microsoft VBScript runtime error
'==== [runtime-457] the text of error 457
On Error Resume Next
Err.Raise 457
Echo Err.Number, Err.Description, Err.Source ' expect: 457 This key is already associated with an element of this collection Microsoft VBScript runtime error
'==== [runtime-458] the text of error 458
On Error Resume Next
Err.Raise 458
Echo Err.Number, Err.Description, Err.Source ' expect: 458 Variable uses an Automation type not supported in VBScript Microsoft VBScript runtime error
'==== [runtime-462] the text of error 462
On Error Resume Next
Err.Raise 462
Echo Err.Number, Err.Description, Err.Source ' expect: 462 The remote server machine does not exist or is unavailable Microsoft VBScript runtime error
'==== [runtime-481] the text of error 481
On Error Resume Next
Err.Raise 481
Echo Err.Number, Err.Description, Err.Source ' expect: 481 Invalid picture Microsoft VBScript runtime error
'==== [runtime-500] the text of error 500
On Error Resume Next
Err.Raise 500
Echo Err.Number, Err.Description, Err.Source ' expect: 500 Variable is undefined Microsoft VBScript runtime error
'==== [runtime-501] the text of error 501
On Error Resume Next
Err.Raise 501
Echo Err.Number, Err.Description, Err.Source ' expect: 501 Illegal assignment Microsoft VBScript runtime error
'==== [runtime-502] the text of error 502
On Error Resume Next
Err.Raise 502
Echo Err.Number, Err.Description, Err.Source ' expect: 502 Object not safe for scripting Microsoft VBScript runtime error
'==== [runtime-503] the text of error 503
On Error Resume Next
Err.Raise 503
Echo Err.Number, Err.Description, Err.Source ' expect: 503 Object not safe for initializing Microsoft VBScript runtime error
'==== [runtime-504] the text of error 504
On Error Resume Next
Err.Raise 504
Echo Err.Number, Err.Description, Err.Source ' expect: 504 Object not safe for creating Microsoft VBScript runtime error
'==== [runtime-505] the text of error 505
On Error Resume Next
Err.Raise 505
Echo Err.Number, Err.Description, Err.Source ' expect: 505 Invalid or unqualified reference Microsoft VBScript runtime error
'==== [runtime-506] the text of error 506
On Error Resume Next
Err.Raise 506
Echo Err.Number, Err.Description, Err.Source ' expect: 506 Class not defined Microsoft VBScript runtime error
'==== [runtime-507] the text of error 507
On Error Resume Next
Err.Raise 507
Echo Err.Number, Err.Description, Err.Source ' expect: 507 An exception occurred Microsoft VBScript runtime error
'==== [runtime-5016] the text of error 5016
On Error Resume Next
Err.Raise 5016
Echo Err.Number, Err.Description, Err.Source ' expect: 5016 Regular Expression object expected Microsoft VBScript runtime error
'==== [runtime-5017] the text of error 5017
On Error Resume Next
Err.Raise 5017
Echo Err.Number, Err.Description, Err.Source ' expect: 5017 Syntax error in regular expression Microsoft VBScript runtime error
'==== [runtime-5018] the text of error 5018
On Error Resume Next
Err.Raise 5018
Echo Err.Number, Err.Description, Err.Source ' expect: 5018 Unexpected quantifier Microsoft VBScript runtime error
'==== [runtime-5019] the text of error 5019
On Error Resume Next
Err.Raise 5019
Echo Err.Number, Err.Description, Err.Source ' expect: 5019 Expected ']' in regular expression Microsoft VBScript runtime error
'==== [runtime-5020] the text of error 5020
On Error Resume Next
Err.Raise 5020
Echo Err.Number, Err.Description, Err.Source ' expect: 5020 Expected ')' in regular expression Microsoft VBScript runtime error
'==== [runtime-5021] the text of error 5021
On Error Resume Next
Err.Raise 5021
Echo Err.Number, Err.Description, Err.Source ' expect: 5021 Invalid range in character set Microsoft VBScript runtime error
'==== [runtime-32811] the text of error 32811
On Error Resume Next
Err.Raise 32811
Echo Err.Number, Err.Description, Err.Source ' expect: 32811 Element not found Microsoft VBScript runtime error
