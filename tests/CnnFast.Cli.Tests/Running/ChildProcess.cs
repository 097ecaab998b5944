using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CnnFast.Cli.Tests;

/// <summary>The command as a process of its own.</summary>
internal sealed class ChildProcess : IDisposable
{
    public const int SigInt = 2;
    public const int SigTerm = 15;
    private const int Patience = 300_000;

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _errorLines = [];

    public ChildProcess(string workingDirectory, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CnnFast.Cli.dll"));
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            lock (_errorLines)
                _errorLines.Add(line.Data);
        };
        _process.Start();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>What it has said on standard error so far.</summary>
    public string Errors => ErrorText();

    /// <summary>Waits until a line of standard error contains a text.</summary>
    public void WaitForError(string text)
    {
        long start = Stopwatch.GetTimestamp();
        while (!ErrorText().Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited)
            {
                // What it said last may still be on the way.
                _process.WaitForExit();
                Assert.True(ErrorText().Contains(text, StringComparison.Ordinal),
                    $"The process ended before it said '{text}': {ErrorText()}");
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds < Patience, $"The process did not say '{text}': {ErrorText()}");
            Thread.Sleep(10);
        }
    }

    public void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public CliResult Wait()
    {
        Assert.True(_process.WaitForExit(Patience), $"The process did not end: {ErrorText()}");
        _process.WaitForExit();
        return new CliResult(_process.ExitCode, _output.Result, ErrorText());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private string ErrorText()
    {
        lock (_errorLines)
            return string.Join('\n', _errorLines);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
