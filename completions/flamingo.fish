# Completion of flamingo in fish. Once, for every new shell:
#
#   flamingo completion fish > ~/.config/fish/completions/flamingo.fish

# Asks flamingo; fails where files are wanted, which fish finds by itself.
function __flamingo_knows
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l program $before[1]
    set -e before[1]
    set -g __flamingo_answer ($program __complete $before "$current" 2>/dev/null)
    set -l directive $__flamingo_answer[-1]
    set -e __flamingo_answer[-1]
    test "$directive" = :4
end

complete -c flamingo -n __flamingo_knows -f -a '$__flamingo_answer'
