using System.Globalization;
using CnnFast.Cli;
using Microsoft.ML.OnnxRuntime;
using Spectre.Console;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Prints the rows of models as they come, keeps them, and says at the end what missed its target.</summary>
internal sealed class ModelReport
{
    private readonly IAnsiConsole _console = PeersBenchmark.CreateConsole();
    private readonly int _threads;
    private readonly string[] _head;
    private readonly List<ModelRow> _rows = [];
    private readonly List<ModelNote> _notes = [];
    private readonly List<string> _lines = [];
    private readonly List<ModelVerdict> _verdicts = [];

    /// <summary>Pins the process to its processors and prints the heading.</summary>
    /// <param name="threads">Threads of each engine.</param>
    /// <param name="how">What else holds for all rows.</param>
    /// <param name="absent">What this run misses, or null.</param>
    public ModelReport(int threads, string how, string? absent)
    {
        _threads = threads;
        string pinning = CpuPinning.Pin(threads);
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        _head =
        [
            string.Create(CultureInfo.InvariantCulture, $"{CpuInfo.Description}, processor tier {CpuInfo.Isa}, {threads} thread(s), " +
                $"{how}, {pinning}; ONNX Runtime {OrtEnv.Instance().GetVersionString()}"),
            ModelText.Legend,
            .. absent is null ? [] : new[] { absent },
            ModelText.Heading,
        ];
        foreach (string line in _head)
            Print(line);
    }

    public void Add(ModelRow row, IReadOnlyList<ModelVerdict> verdicts)
    {
        _rows.Add(row);
        Add(ModelText.Line(row, verdicts), verdicts);
    }

    public void Add(ModelNote note)
    {
        _notes.Add(note);
        Add(ModelText.Line(note), note.Verdict is null ? [] : [note.Verdict]);
    }

    /// <summary>Prints a line that is not kept.</summary>
    public void Print(string line) => _console.WriteLine(line);

    /// <summary>Puts the rows into the results of this processor.</summary>
    public void Save(string name, IEnumerable<string>? order = null) => Print($"Kept in {ModelResults.Merge(name, _head, _lines, order)}");

    public void WriteJson(string path) => ModelJson.Write(path, _threads, _rows, _notes, _verdicts);

    /// <summary>Says what is wrong and how many targets are reached.</summary>
    /// <param name="check">Whether a target that is missed makes the command fail.</param>
    /// <returns>The exit code.</returns>
    public int Finish(bool check)
    {
        string[] wrong = [.. _rows.Select(row => row.Wrong).OfType<string>()];
        foreach (string sentence in wrong)
            _console.WriteLine("Wrong output: " + sentence, new Style(Color.Red));
        ModelVerdict[] under = [.. _verdicts.Where(v => !v.Reached)];
        if (check)
        {
            foreach (ModelVerdict verdict in under)
                _console.WriteLine($"{verdict.Model}: {verdict}", new Style(Color.Yellow));
        }

        Print($"{_verdicts.Count - under.Length} targets are reached, {under.Length} are not.");
        return wrong.Length > 0 || (check && under.Length > 0) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private void Add(string line, IReadOnlyList<ModelVerdict> verdicts)
    {
        _lines.Add(line);
        _verdicts.AddRange(verdicts);
        _console.WriteLine(line, verdicts.Count == 0 ? Style.Plain : new Style(verdicts.All(v => v.Reached) ? Color.Green : Color.Yellow));
    }
}
