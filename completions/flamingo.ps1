# Completion of flamingo in PowerShell. For every new shell, in $PROFILE:
#
#   flamingo completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName flamingo -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # what stands before the cursor
    $line = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text })
    $before = @($line | Select-Object -Skip 1)
    # before 7.3 an empty argument is lost on its way to a program
    $current = $wordToComplete
    if ($current -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3') { $current = '""' }

    $answer = @(& $line[0] __complete $before $current 2>$null)
    if ($answer.Count -eq 0) { return }
    $directive = [int]($answer[-1].TrimStart(':'))
    $answer | Select-Object -SkipLast 1 | ForEach-Object {
        $value, $meaning = $_ -split "`t", 2
        if (-not $meaning) { $meaning = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
    }
    # without results PowerShell offers files by itself; one that is empty keeps it from doing so
    if ($answer.Count -eq 1 -and ($directive -band 4)) { '' }
}
