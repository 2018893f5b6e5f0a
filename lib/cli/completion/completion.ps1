# --- dray NAME, jbang NAME@dray, and in a checkout .\jbang.cmd NAME

$DrayOptions = @{
{options}
}

$DrayValues = @{
{values}
}

$DrayComplete = {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $name = if ($words.Count -gt 1) { $words[1] -replace '@dray$', '' } else { '' }
    $candidates = if ($words.Count -le 1) {
        $names = @($DrayOptions.Keys | Sort-Object)
        if ($words[0] -match '^jbang(\.cmd)?$') { $names | ForEach-Object { "$_@dray" } } else { $names }
    } elseif ($DrayValues.ContainsKey("$name $($words[-1])")) {
        $DrayValues["$name $($words[-1])"]
    } elseif ($wordToComplete -like '-*') {
        $DrayOptions[$name]
    }
    # nothing said: PowerShell completes files
    $candidates | Where-Object { $_ -and $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}

Register-ArgumentCompleter -Native -CommandName dray, jbang, jbang.cmd, '.\jbang.cmd' -ScriptBlock $DrayComplete
