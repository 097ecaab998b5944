using System.Globalization;
using CnnFast.Cli;
using Spectre.Console;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Runs the shapes, prints and keeps the rows, and holds them against the targets.</summary>
internal static class PeersBenchmark
{
    public static int Run(PeersOptions options)
    {
        // Dense layers, which the files hold as convolutions of one pixel, are left out: the peers have better ways to compute those.
        (string Name, Conv2DGeometry Geometry)[] shapes = [.. ShapeFile.Convolutions()
            .Where(s => options.Wants(s.Name) && s.Geometry.H * s.Geometry.W > 1)];
        if (shapes.Length == 0)
        {
            System.Console.Error.WriteLine($"No convolution in {ShapeFile.Folder} has a name that contains '{options.Filter}'.");
            return ExitCodes.BadInput;
        }

        TargetFile targets = TargetFile.Read();
        if (options.Isa is { } tier)
            IsaLimit.Apply(tier);
        string pinning = CpuPinning.Pin(options.Threads);
        NativeLibraries.SetVariable("OMP_NUM_THREADS", options.Threads.ToString(CultureInfo.InvariantCulture));
        var absent = new List<string>();
        IReadOnlyList<Engine> peers = EngineCatalog.LoadPeers(options.Threads, absent.Add);
        var ours = new CnnFastEngine("cnnfast", options.Threads);
        Engine? oneThread = options.Threads > 1 ? new CnnFastEngine("cnnfast-1", 1) : null;
        string[] head =
        [
            string.Create(CultureInfo.InvariantCulture, $"{CpuInfo.Description}, processor tier {CpuInfo.Isa}, " +
                $"{options.Threads} thread(s), {pinning}; {string.Join(", ", peers.Select(p => p.Description))}"),
            .. absent,
        ];
        IAnsiConsole console = CreateConsole();
        var text = new RowText([.. peers.Select(p => p.Name)], oneThread is not null);
        foreach (string line in head.Append(RowText.Legend).Append(text.Heading))
            console.WriteLine(line);

        var timer = new RowTimer(ours, oneThread, peers, options.Threads, options.Seconds);
        var rows = new List<PeerRow>();
        foreach ((string name, Conv2DGeometry geometry) in shapes)
        {
            var data = new ConvolutionData(name, geometry);
            foreach (ConvolutionPass pass in Enum.GetValues<ConvolutionPass>().Where(p => options.Pass is null || p == options.Pass))
            {
                PeerRow row = timer.Run(data, pass);
                rows.Add(row);
                Target? target = targets.Find(name, pass, TargetKind.Peers, TargetKind.Near);
                console.WriteLine(text.Line(row, target), target is null ? Style.Plain : Shade(Verdict.Judge(row, target, rows)));
            }
        }

        if (options.Save)
        {
            var results = new ResultsFile(options.Threads, options.Isa);
            results.Merge(head, text,
                rows.Select(row => text.Line(row, targets.Find(row.Shape, row.Pass, TargetKind.Peers, TargetKind.Near))));
            console.WriteLine($"Kept in {results.Path}");
        }

        if (options.Json is not null)
            JsonReport.Write(options.Json, options.Threads, [ours.Description, .. peers.Select(p => p.Description)], rows, targets);
        return Judge(console, rows, targets, options.Check);
    }

    private static int Judge(IAnsiConsole console, List<PeerRow> rows, TargetFile targets, bool check)
    {
        string[] wrong = [.. rows.SelectMany(row => row.Wrong)];
        foreach (string sentence in wrong)
            console.WriteLine("Wrong result: " + sentence, new Style(Color.Red));
        (IReadOnlyList<Verdict> verdicts, int open) = targets.Judge(rows);
        Verdict[] under = [.. verdicts.Where(v => !v.Reached)];
        if (check && under.Length > 0)
        {
            Table table = new Table().AddColumns("shape", "pass", "target", "best", "median");
            foreach (Verdict v in under)
                table.AddRow(v.Row.Shape, v.Row.Pass.Name(), v.Target.Wanted, v.Best.ToString("0.00", CultureInfo.InvariantCulture),
                    v.Median.ToString("0.00", CultureInfo.InvariantCulture));
            console.Write(table);
        }

        string unjudged = open > 0 ? $", {open} are open: the shape that they are held against did not run" : "";
        console.WriteLine($"{verdicts.Count - under.Length} targets are reached, {under.Length} are not{unjudged}.");
        return wrong.Length > 0 || (check && under.Length > 0) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static Style Shade(Verdict? verdict) => verdict is null ? Style.Plain : new Style(verdict.Reached ? Color.Green : Color.Yellow);

    // Colours on a terminal, and never a line broken for want of width elsewhere.
    public static IAnsiConsole CreateConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (System.Console.IsOutputRedirected)
            console.Profile.Width = 1000;
        return console;
    }
}
