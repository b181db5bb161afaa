' RegExp: §2.11.
'==== [2.11-regexp] defaults
Set re = New RegExp
Echo "[" & re.Pattern & "]", re.Global, re.IgnoreCase, re.MultiLine, TypeName(re) ' expect: [] False False False IRegExp2
Set re2 = CreateObject("VBScript.RegExp") : Echo TypeName(re2) ' expect: IRegExp2
'==== [2.11-regexp] Test
Set re = New RegExp
re.Pattern = "^\w+@\w+\.com$" : Echo re.Test("a@b.com"), re.Test("a@b.org"), re.Test("") ' expect: True False False
re.Pattern = "ABC" : Echo re.Test("xabcx") ' expect: False
re.IgnoreCase = True : Echo re.Test("xabcx") ' expect: True
re.Pattern = "^b" : Echo re.Test("a" & vbCrLf & "b") ' expect: False
re.MultiLine = True : Echo re.Test("a" & vbCrLf & "b") ' expect: True
re.Pattern = "" : Echo re.Test("x") ' expect: True
'==== [2.11-regexp] Execute
Set re = New RegExp : re.Pattern = "(\d+)-(\w)?(x)?" : re.Global = True
Set ms = re.Execute("12-a 345-")
Echo ms.Count, TypeName(ms), TypeName(ms(0)) ' expect: 2 IMatchCollection2 IMatch2
Echo ms(0), ms(0).Value, ms(0).FirstIndex, ms(0).Length, ms(1).FirstIndex, ms.Item(1).Value ' expect: 12-a 12-a 0 4 5 345-
Echo ms(0).SubMatches(0), ms(0).SubMatches(1), IsEmpty(ms(0).SubMatches(2)), ms(0).SubMatches.Count, ms(1).SubMatches.Item(0) ' expect: 12 a True 3 345
For Each m In ms : s = s & "<" & m.Value & ">" : Next : Echo s ' expect: <12-a><345->
For Each g In ms(0).SubMatches : t = t & "[" & g & "]" : Next : Echo t ' expect: [12][a][]
re.Global = False : Echo re.Execute("1-a 2-b").Count, re.Execute("none").Count ' expect: 1 0
On Error Resume Next
x = ms(2) : Echo Err.Number ' expect: 5
'==== [2.11-regexp] Replace
Set re = New RegExp : re.Pattern = "(\w+) (\w+)"
Echo re.Replace("hello world again", "$2-$1"), re.Replace("a b", "[$&]"), re.Replace("x", "y"), re.Replace("a b c d", "-") ' expect: world-hello again [a b] x - c d
re.Global = True : Echo re.Replace("a b c d", "$2"), re.Replace("a b", "$$1"), re.Replace("a b", "$3"), re.Replace("-a b-", "<$`|$'>") ' expect: b d $1 $3 -<-|->-
Function Up(m, a, b, at, whole) : Up = UCase(b) & at : End Function
Echo re.Replace("a b", GetRef("Up")) ' expect: B0
re.Pattern = "x*" : Echo re.Replace("axb", "-") ' expect: -a--b-
'==== [2.11-regexp] dialect
Set re = New RegExp : re.Global = True
Function All(p, t)
  Dim m, r : re.Pattern = p
  For Each m In re.Execute(t) : r = r & "[" & m.Value & "]" : Next
  All = r
End Function
Echo All("a+?", "aaa"), All("a+", "aaa"), All("a{2}", "aaaaa"), All("a{2,}", "aaaaa"), All("a{1,2}", "aaa") ' expect: [a][a][a] [aaa] [aa][aa] [aaaaa] [aa][a]
Echo All("foo(?=bar)", "foobar foobaz"), All("foo(?!bar)", "foobar foobaz"), All("(?:ab)+", "ababx"), All("(a)(b)?\1", "aa aba") ' expect: [foo] [foo] [abab] [aa][aba]
Echo All("[^a-c]", "abcd-"), All("[\d\-x]+", "12-x y"), All("\bcat\b", "cat concat cat"), All("\Bat", "cat at"), All(".", "a" & vbLf & "b") ' expect: [d][-] [12-x] [cat][cat] [at] [a][b]
Echo All("\x41\u0042\t?", "AB"), All("a|b|cd", "abcd"), All("(a|ab)(c|bcd)", "abcd"), All("\.", "a.b"), All("^$", "") ' expect: [AB] [a][b][cd] [abcd] [.] []
Echo All("(x+x+)+y", "xxxxxxxy"), All("a{0}b", "ab"), All("[]a]", "a") ' expect: [xxxxxxxy] [b] 
Echo All("\w+", "naïve"), All("\s", " " & vbTab & ChrW(160)) ' expect: [na][ve] [ ][	]
'==== [runtime-5017] a syntax error in a pattern
Set re = New RegExp : re.Pattern = "a\" : x = re.Test("a") ' expect error: 5017 Syntax error in regular expression
'==== [runtime-5018] a quantifier without anything before it
Set re = New RegExp : re.Pattern = "*a" : x = re.Test("a") ' expect error: 5018 Unexpected quantifier
'==== [runtime-5018] look-behind does not exist
Set re = New RegExp : re.Pattern = "(?<=a)b" : x = re.Test("ab") ' expect error: 5018 Unexpected quantifier
'==== [runtime-5019] an open class
Set re = New RegExp : re.Pattern = "[abc" : x = re.Test("a") ' expect error: 5019 Expected ']' in regular expression
'==== [runtime-5020] an open group
Set re = New RegExp : re.Pattern = "(abc" : x = re.Test("a") ' expect error: 5020 Expected ')' in regular expression
'==== [runtime-5021] a range that runs backwards
Set re = New RegExp : re.Pattern = "[z-a]" : x = re.Test("a") ' expect error: 5021 Invalid range in character set
'==== [2.11-regexp] a class RegExp of the script is never used
Class RegExp : Public Property Get Global : Global = "mine" : End Property : End Class
Set x = New RegExp : Echo x.Global ' expect: False
