using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnFast.Testing;
using CnnFast.Verification;

namespace CnnFast.Cli;

/// <summary><c>cnnfast verify</c>: every kernel that can run here, or a model, against the reference.</summary>
internal static class VerifyCommand
{
    private const int FailuresShown = 10;
    private const int MaxBatch = 1024;

    public static Command Create(CommandHost host)
    {
        var model = new Argument<string?>("MODEL")
        {
            Description = "Verify this model instead of the kernels: a file (.safetensors or .onnx), zoo:NAME, or a preset.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var quick = new Option<bool>("--quick") { Description = "Of the kernels: a few dozen cases each instead of all." };
        var input = new Option<string[]>("--input")
        {
            Description = "Of a model: the array that it reads, once an input; random numbers where none is given.",
            HelpName = "[name=]x.npy",
        };
        Option<int?> batch = NumberOption.OptionalWhole("--batch", "Of a model: samples of random inputs (default: 2).", 1, MaxBatch);
        Option<string[]> shape = ShapeOption.Create();
        Option<int> seed = NumberOption.Whole("--seed", "Of a model: decides random inputs.", 1, 0, int.MaxValue);
        Option<int> threads = CommonOptions.Threads();
        Option<ConvAlgorithm> algorithm = CommonOptions.Algorithm();
        var command = new ExampleCommand(
            "verify",
            "Holds every kernel that can run on this processor, or a model, against the naive reference.",
            [
                "Sizes are awkward ones, inputs end at guard pages, outputs start as NaN. The error is in units of its bound, which comes "
                    + "from the sum itself: up to 1 holds. The exit code is 1 when a kernel or a node of the model does not hold.",
                "A model runs on the kernels and in double on the references. Every node is compared on the input that the kernels had, so "
                    + "that the first to depart is the one that is wrong; drift is what all before it came to. Nodes whose operation has "
                    + "no reference are named.",
            ],
            "cnnfast verify",
            "cnnfast verify --quick --json",
            "cnnfast verify digits.safetensors",
            "cnnfast verify net.onnx --shape 1x3x48x192 --input x.npy")
        {
            model, quick, input, batch, shape, seed, threads, algorithm,
        };
        command.Brief = "Holds kernels, or a model, against the naive reference";
        command.Rows = ["kernels", "nodes"];
        command.SetAction(parse =>
        {
            string? path = parse.GetValue(model);
            bool json = parse.GetValue(CommonOptions.Json);
            if (path is null)
            {
                foreach (Option option in (ReadOnlySpan<Option>)[input, batch, shape, seed, threads, algorithm])
                {
                    if (parse.GetResult(option) is { Implicit: false })
                        throw new InputException($"{option.Name} is of a model; expected MODEL with it.");
                }

                return Run(host, parse.GetValue(quick) ? SweepDepth.Quick : SweepDepth.Full, json);
            }

            if (parse.GetValue(quick))
                throw new InputException("--quick is of the kernels; expected no MODEL with it.");
            var source = CheckedModel.Load(path, parse.GetValue(shape) ?? [], parse.GetValue(batch));
            var options = new VerificationOptions
            {
                Seed = (ulong)parse.GetValue(seed),
                MaxThreads = parse.GetValue(threads),
                ConvAlgorithm = parse.GetValue(algorithm),
            };
            return ModelVerification.Run(host, source, parse.GetValue(input) ?? [], options, json);
        });
        return command;
    }

    private static int Run(CommandHost host, SweepDepth depth, bool json)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<IKernelSweep> sweeps = KernelSweeps.All;
        List<KernelReport> reports = CheckLines.Show<List<KernelReport>>(host, "Kernels", progress =>
        {
            var found = new List<KernelReport>();
            for (int done = 0; done < sweeps.Count; done++)
            {
                progress?.Report(new CheckProgress(done, sweeps.Count, sweeps[done].Family));
                KernelReport[] family = [.. sweeps[done].Run(depth, host.Stop)];
                found.AddRange(family);
                if (!host.ShowsProgress)
                    host.Notes.WriteLine($"{sweeps[done].Family}: {family.Count(report => report.Holds)} of {family.Length} kernels hold " +
                        $"over {family.Sum(report => report.Cases)} cases");
            }

            return found;
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        bool holds = reports.Count > 0 && reports.TrueForAll(report => report.Holds);
        if (json)
            JsonOutput.Write(host.Output, writer => WriteJson(writer, reports, holds, seconds));
        else
            WriteText(host, reports, holds, seconds);
        return holds ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void WriteJson(Utf8JsonWriter json, List<KernelReport> reports, bool holds, double seconds)
    {
        json.WriteBoolean("holds", holds);
        json.WriteString("cpu", CpuInfo.Description);
        json.WriteNumber("seconds", Math.Round(seconds, 3));
        json.WriteStartArray("kernels");
        foreach (KernelReport report in reports)
        {
            json.WriteStartObject();
            json.WriteString("family", report.Family);
            json.WriteString("kernel", report.Kernel);
            json.WriteString("isa", report.Isa.ToString());
            json.WriteNumber("cases", report.Cases);
            json.WriteFinite("worstError", report.WorstError);
            json.WriteString("worstCase", report.WorstCase);
            json.WriteBoolean("holds", report.Holds);
            json.WriteStrings("failures", report.Failures);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(CommandHost host, List<KernelReport> reports, bool holds, double seconds)
    {
        TextTable table = new TextTable(host).Name("Family").Name("Kernel").Name("Tier").Number("Cases").Number("Worst error\n(1 = bound)")
            .Name("");
        foreach (KernelReport report in reports)
        {
            string[] cells = [report.Family, report.Kernel, report.Isa.ToString(), report.Cases.ToString(CultureInfo.InvariantCulture),
                report.WorstError.ToString("0.000", CultureInfo.InvariantCulture), report.Holds ? "holds" : "FAILED"];
            if (report.Holds)
                table.Row(cells);
            else
                table.BadRow(cells);
        }

        table.Write();
        foreach (KernelReport report in reports.Where(report => !report.Holds))
        {
            host.Output.WriteLine($"{report.Family} {report.Kernel}: {report.Failures.Count} of {report.Cases} cases failed");
            foreach (string failure in report.Failures.Take(FailuresShown))
                host.Output.WriteLine("  " + failure);
            if (report.Failures.Count > FailuresShown)
                host.Output.WriteLine($"  and {report.Failures.Count - FailuresShown} more (--json lists all)");
        }

        host.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(holds ? "All" : "NOT all")} {reports.Count} kernels hold on {CpuInfo.Description}: " +
                $"{reports.Sum(report => report.Cases)} cases in {seconds:0.0} s."));
    }
}
