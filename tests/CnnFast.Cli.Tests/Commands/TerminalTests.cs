using System.CommandLine;
using System.Globalization;
using CnnFast.Files;

namespace CnnFast.Cli.Tests;

/// <summary>How results look: width, colour, formats, names of options, standard streams, completion.</summary>
public sealed class TerminalTests(TrainedModel trained)
{
    [Theory]
    [InlineData("bench", "zoo:mobilenetv2", "--seconds", "0.01", "--profile")]
    [InlineData("inspect", "zoo:resnet18", "--passes")]
    [InlineData("verify", "zoo:lenet5")]
    [InlineData("gradcheck", "zoo:lenet5", "--samples", "1")]
    [InlineData("info")]
    public void Every_table_fits_80_columns_and_no_number_is_broken(params string[] command)
    {
        CliResult result = Cli.Run(command);
        result.RequireDone();
        string[] lines = result.Output.Split('\n');
        int[] rules = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith('─'))];
        Assert.NotEmpty(rules);
        foreach (int rule in rules)
        {
            for (int line = rule - 1; line < lines.Length && lines[line].Length > 0 && !lines[line].EndsWith('.'); line++)
                Assert.True(lines[line].Length <= 80, $"{lines[line].Length} characters: {lines[line]}");
        }
    }

    [Fact]
    public void The_table_of_bench_keeps_its_numbers_whole() =>
        Assert.Matches(@" 28,352 ", Cli.Run("bench", "zoo:lenet5", "--seconds", "0.01").Output);

    [Fact]
    public void Names_are_shortened_in_the_middle_and_only_in_tables()
    {
        string name = "a_name_that_goes_on_" + new string('x', 90) + "_and_ends";
        string Table(OutputFormat format)
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
            var host = new CommandHost(output, output, false, false, default) { Format = format };
            TextTable table = new TextTable(host).Name("name").Name("more", rank: 1).Number("number");
            table.Row(name, "of it", "123,456,789");
            table.Write();
            return output.ToString();
        }

        string shown = Table(OutputFormat.Table);
        Assert.Contains("a_name_that_goes_on_", shown, StringComparison.Ordinal);
        Assert.Contains("…", shown, StringComparison.Ordinal);
        Assert.Contains("_and_ends", shown, StringComparison.Ordinal);
        Assert.Contains("123,456,789", shown, StringComparison.Ordinal);
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains($"{name}  of it  123,456,789", Table(OutputFormat.Plain), StringComparison.Ordinal);
        Assert.DoesNotContain("─", Table(OutputFormat.Plain), StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_is_on_terminals_only_and_can_be_turned_off()
    {
        Assert.DoesNotContain("\u001b", Cli.Run("info").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[", Cli.RunOnTerminal("info", "--no-color").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[", Cli.RunOnTerminal("info", "--format", "plain").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_has_the_names_and_rows_of_the_JSON()
    {
        string[] lines = Cli.Run("bench", trained.Path, "--seconds", "0.01", "-f", "csv").Output.Trim().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("startMs,minUs,p50Us,", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines[0].Split(',').Length, lines[1].Split(',').Length);
        string[] layers = Cli.Run("inspect", trained.Path, "--format", "csv").Output.Trim().Split('\n');
        Assert.Equal(trained.Model.Layers.Count + 1, layers.Length);
        Assert.StartsWith("name,kind,inputs,outputShape,", layers[0], StringComparison.Ordinal);
        Cli.Run("info", "--format", "xml").RequireBadInput("--format is 'xml'; expected one of table, csv, json, plain");
    }

    [Fact]
    public void Cells_with_commas_and_quotes_are_quoted()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        CsvOutput.Write(output, """{"n":1,"rows":[{"a":"x,y","b":[1,2]},{"a":"say \"a\"","c":null}]}""", ["none", "rows"]);
        Assert.Equal("a,b,c\n\"x,y\",1 2,\n\"say \"\"a\"\"\",,\n", output.ToString());
    }

    [Fact]
    public void Quiet_leaves_the_notes_out_and_verbose_adds_what_was_chosen()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        CliResult quiet = Cli.Run("train", "-d", data, "-e", "1", "-o", folder.File("m.safetensors"), "-q");
        quiet.RequireDone();
        Assert.Equal("", quiet.Error);
        string details = Cli.Run("bench", trained.Path, "--seconds", "0.01", "-v").Error;
        Assert.Contains($"kernels of {CpuInfo.Isa}", details, StringComparison.Ordinal);
        Assert.Contains("It took ", details, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_options_of_a_command_have_one_name()
    {
        Command root = CnnFastCommand.Create(new CommandHost(TextWriter.Null, TextWriter.Null, false, false, default));
        foreach (Command command in root.Subcommands)
        {
            string[] names = [.. command.Options.Concat(root.Options.Where(option => option.Recursive))
                .SelectMany(option => option.Aliases.Append(option.Name))];
            Assert.True(names.Length == names.Distinct(StringComparer.Ordinal).Count(), $"{command.Name}: {string.Join(' ', names)}");
        }

        Assert.Contains("-o, --out", Cli.Run("train", "--help").Output, StringComparison.Ordinal);
        Assert.Contains("-e, --epochs", Cli.Run("train", "--help").Output, StringComparison.Ordinal);
        Assert.Equal(1, Cli.Run("bench", trained.Path, "-t", "1", "-b", "3", "--seconds", "0.01", "--json").Json().GetProperty("threads")
            .GetInt32());
    }

    [Theory]
    [InlineData("convort a b", "There is no command 'convort'; did you mean 'convert'?")]
    [InlineData("Train", "did you mean 'train'?")]
    [InlineData("xyzzy", "expected train, lr-find, evaluate")]
    [InlineData("train --epoch 3", "There is no option '--epoch' of 'cnnfast train'; did you mean '--epochs'?")]
    [InlineData("train --bacth-size 3", "did you mean '--batch-size'?")]
    [InlineData("info --quite", "did you mean '--quiet'?")]
    public void A_mistyped_word_is_met_with_the_right_one(string line, string part) => Cli.Run(line.Split(' ')).RequireBadInput(part);

    [Fact]
    public void The_help_fits_a_screen()
    {
        string[] lines = Cli.Run("--help").Output.Split('\n');
        Assert.InRange(lines.Length, 10, 45);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Arrays_come_from_standard_input_and_go_to_standard_output()
    {
        using var input = new MemoryStream();
        NpyFile.Write(input, new Shape(2, 28, 28, 1), new float[2 * 28 * 28]);
        foreach (string path in (string[])[trained.Path, OnnxOf(trained.Path)])
        {
            using var output = new MemoryStream();
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            var host = new CommandHost(text, text, false, false, TestContext.Current.CancellationToken)
            {
                OpenInput = () => new MemoryStream(input.ToArray()),
                OpenOutput = () => new Kept(output),
            };
            Assert.True(CnnFastCommand.Run(["run", path, "-i", "-", "-o", "-", "-q"], host) == 0, text.ToString());
            Assert.Equal("", text.ToString());
            Assert.Equal(new Shape(2, 10), NpyFile.Read(new MemoryStream(output.ToArray()), "output").Shape);
        }

        Cli.Run("run", trained.Path, "-i", "-", "-o", "-", "--json").RequireBadInput("--output is '-'");
    }

    [Fact]
    public void A_model_comes_from_standard_input_and_goes_to_standard_output()
    {
        byte[] onnx = Through(File.ReadAllBytes(trained.Path), "convert", "-", "-", "--to", "onnx");
        byte[] back = Through(onnx, "convert", "-", "-", "--to", "safetensors");
        string path = Path.ChangeExtension(trained.Path, ".back.safetensors");
        File.WriteAllBytes(path, back);
        Assert.Equal(Model.Load(trained.Path).ParameterCount, Model.Load(path).ParameterCount);
        Cli.Run("convert", trained.Path, "-").RequireBadInput("--to onnx");
        Cli.Run("convert", trained.Path, "x.onnx", "--to", "onnx").RequireBadInput("--to", "x.onnx");
        Cli.Run("convert", trained.Path, "-", "--to", "pt").RequireBadInput("--to is 'pt'");
        Cli.Run("convert", trained.Path, "-", "--to", "onnx", "--json").RequireBadInput("OUT is '-'");
        Cli.Run("convert", trained.Path, "-", "--to", "safetensors", "--opset", "20").RequireBadInput("--opset");
    }

    private static byte[] Through(byte[] input, params string[] words)
    {
        using var output = new MemoryStream();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var host = new CommandHost(text, text, false, false, TestContext.Current.CancellationToken)
        {
            OpenInput = () => new MemoryStream(input),
            OpenOutput = () => new Kept(output),
        };
        Assert.True(CnnFastCommand.Run([.. words, "-q"], host) == 0, text.ToString());
        Assert.Equal("", text.ToString());
        return output.ToArray();
    }

    [Theory]
    [InlineData("cnnfast be", "bench")]
    [InlineData("cnnfast bench --thr", "--threads")]
    [InlineData("cnnfast info --format j", "json")]
    [InlineData("cnnfast completion z", "zsh")]
    [InlineData("cnnfast train --model p", "photos")]
    [InlineData("cnnfast bench zoo:lene", "zoo:lenet5")]
    public void The_shell_gets_what_may_stand_at_the_cursor(string line, string word)
    {
        CliResult result = Cli.Run("complete", line.Length.ToString(CultureInfo.InvariantCulture), line);
        result.RequireDone();
        Assert.Equal([word], result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Files_are_left_to_the_shell_and_the_hidden_command_is_not_offered()
    {
        Assert.Equal("", Cli.Run("complete", "14", "cnnfast bench ").Output);
        Assert.Equal(new CliResult(0, "", ""), Cli.Run("complete", "22", "cnnfast train --out=dig"));
        string commands = Cli.Run("complete", "8", "cnnfast ").Output;
        Assert.Contains("train\n", commands, StringComparison.Ordinal);
        Assert.DoesNotContain("complete\n", commands, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train --format xml --help", "Usage:")]
    [InlineData("-f nothing --help", "Usage: cnnfast COMMAND")]
    [InlineData("bench --quiet=perhaps --help", "Usage:")]
    public void Help_is_shown_beside_values_that_are_none(string line, string part)
    {
        CliResult result = Cli.Run(line.Split(' '));
        result.RequireDone();
        Assert.Contains(part, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Completion_reads_no_file_that_the_line_names()
    {
        using var folder = new TemporaryFolder();
        string line = $"cnnfast @{folder.Write("words", "bench"u8.ToArray())} --thr";
        Assert.Equal("", Cli.Run("complete", line.Length.ToString(CultureInfo.InvariantCulture), line).Output);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _cnnfast cnnfast")]
    [InlineData("zsh", "compdef _cnnfast cnnfast")]
    [InlineData("fish", "complete -c cnnfast")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Every_shell_has_a_script(string shell, string part) =>
        Assert.Contains(part, Cli.Run("completion", shell).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public void A_script_has_one_form(string format) =>
        Cli.Run("completion", "bash", "-f", format).RequireBadInput("--format has no effect on a script");

    [Theory]
    [InlineData("'lenet5'", "bench", "zoo:lenet")]
    [InlineData("'zsh'", "completion", "zhs")]
    [InlineData("'json'", "info", "--format", "jsn")]
    [InlineData("'tutorial'", "train", "--model", "tutorail")]
    [InlineData("'winograd4'", "bench", "zoo:lenet5", "--algorithm", "winogard4")]
    public void A_mistyped_value_is_recognised(string meant, params string[] words) =>
        Cli.Run(words).RequireBadInput("did you mean " + meant);

    [Fact]
    public void A_page_or_a_kept_run_is_a_file_of_its_kind()
    {
        using var folder = new TemporaryFolder();
        foreach (string[] words in (string[][])[["bench", "zoo:lenet5", "--report"], ["evaluate", trained.Path, "--report"],
            ["train", "--report"]])
        {
            Cli.Run([.. words, "-"]).RequireBadInput("--report is '-'", "a file alone");
            Cli.Run([.. words, folder.File("x.pdf")]).RequireBadInput("x.pdf", ".html");
        }

        Cli.Run("bench", "zoo:lenet5", "--save", "-").RequireBadInput("--save is '-'");
        Assert.False(File.Exists("-"));
    }

    [Fact]
    public void The_layers_of_a_large_model_fit_the_width() =>
        Assert.All(Cli.Run("inspect", "zoo:resnet18").Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));

    [Fact]
    public void A_curve_has_a_bar_a_value_from_the_lowest_to_the_highest()
    {
        Assert.Equal("█▅▁", Sparkline.Of([3, 2.2, 1], 10));
        Assert.Equal("▁▁", Sparkline.Of([2, 2], 10));
        Assert.Equal("▁!█", Sparkline.Of([0, double.NaN, 1], 10));
        Assert.Equal("", Sparkline.Of([], 10));
        Assert.Equal(8, Sparkline.Of([.. Enumerable.Range(0, 1000).Select(i => (double)i)], 8).Length);
    }

    private static string OnnxOf(string path)
    {
        string onnx = Path.ChangeExtension(path, ".terminal.onnx");
        Cli.Run("convert", path, onnx, "--layout", "nhwc").RequireDone();
        return onnx;
    }

    // A stream that the command may close.
    private sealed class Kept(MemoryStream to) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing)
                to.Write(ToArray());
            base.Dispose(disposing);
        }
    }
}
