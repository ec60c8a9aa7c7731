# fish completion for roadbase. `roadbase completion fish` prints this.

function __roadbase_complete
    set -l tokens (commandline -opc) (commandline -ct)
    for line in ($tokens[1] __complete $tokens[2..-1] 2>/dev/null)
        switch $line
            case :file
                __fish_complete_path (commandline -ct)
            case :folder
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end

complete -c roadbase -f -a '(__roadbase_complete)'
