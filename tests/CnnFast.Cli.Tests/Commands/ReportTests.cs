using System.Globalization;
using System.Net.Http;
using System.Text.Json;

namespace CnnFast.Cli.Tests;

public sealed class ReportTests(TrainedModel trained)
{
    [Fact]
    public void Train_writes_a_page_with_the_figures_of_the_run()
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("report.html");
        JsonElement json = Cli.Run("train", "--data", SmallData.Write(folder), "--epochs", "2", "--validation", "0.2", "--report", page,
            "--out", folder.File("small.safetensors"), "--json").Json();
        JsonElement data = DataOf(page);
        Assert.StartsWith("Complete: 2 of 2 epochs", data.GetProperty("state").GetString(), StringComparison.Ordinal);
        string[] names = [.. data.GetProperty("epochs").GetProperty("names").EnumerateArray().Select(name => name.GetString()!)];
        double[] losses = [.. data.GetProperty("epochs").GetProperty("rows").EnumerateArray()
            .Select(row => row[Array.IndexOf(names, "validation/loss")].GetDouble())];
        Assert.Equal(json.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("validationLoss").GetDouble()), losses);
        Assert.Equal(json.GetProperty("testAccuracy").GetDouble(), Fact(data, "accuracy at the end"));
        Assert.Contains(data.GetProperty("configuration").EnumerateArray(), pair => pair[0].GetString() == "seed");
        Assert.True(data.GetProperty("layers").GetProperty("steps").GetArrayLength() > 0);
        Assert.True(data.GetProperty("times").GetArrayLength() > 0);
    }

    [Fact]
    public void A_training_on_a_body_has_a_page_of_the_whole()
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("report.html");
        Cli.Run("train", "--data", SmallData.Write(folder), "--epochs", "1", "--from", trained.Path, "--report", page,
            "--out", folder.File("small.safetensors"), "--json").RequireDone();
        JsonElement data = DataOf(page);
        Assert.Equal(SmallData.TestCount, data.GetProperty("confusion").GetProperty("counts").EnumerateArray()
            .Sum(row => row.EnumerateArray().Sum(count => count.GetInt32())));
    }

    [Fact]
    public void Evaluate_writes_a_page_for_own_and_for_ONNX_models()
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("report.html"), onnx = folder.File("digits.onnx");
        JsonElement own = Cli.Run("evaluate", trained.Path, "--report", page, "--json").Json();
        JsonElement data = DataOf(page);
        Assert.Equal(own.GetProperty("accuracy").GetDouble(), Fact(data, "accuracy"));
        Assert.True(data.GetProperty("mistakes").GetArrayLength() > 0);

        Cli.Run("convert", trained.Path, onnx).RequireDone();
        string[] numbers = trained.Model.Normalization == default ? [] : Numbers(trained.Model);
        JsonElement imported = Cli.Run(["evaluate", onnx, "--report", page, "--json", .. numbers]).Json();
        Assert.Equal(own.GetProperty("accuracy").GetDouble(), imported.GetProperty("accuracy").GetDouble());
        Assert.Equal(own.GetProperty("loss").GetDouble(), imported.GetProperty("loss").GetDouble(), 1e-4);
        Assert.Equal(imported.GetProperty("accuracy").GetDouble(), Fact(DataOf(page), "accuracy"));
    }

    [Fact]
    public void Bad_options_are_one_sentence()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("m.safetensors");
        Cli.Run("train", "--report", folder.File("no/such/report.html"), "--out", model).RequireBadInput("--report", "no folder");
        Cli.Run("train", "--report", model, "--out", model).RequireBadInput("--report is", ".html");
        Cli.Run("train", "--report", trained.Path, "--from", trained.Path, "--out", model).RequireBadInput("--report is", ".html");
        Cli.Run("train", "--log", trained.Path, "--from", trained.Path, "--out", model).RequireBadInput("--log is", "of --from");
        Cli.Run("train", "--from", model, "--out", model).RequireBadInput("--out is", "of --from");
        Cli.Run("evaluate", trained.Path, "--report", trained.Path).RequireBadInput("--report is", ".html");
        Cli.Run("train", "--live", "70000", "--out", model).RequireBadInput("--live is '70000'");
        Directory.CreateDirectory(folder.File("x.html"));
        Cli.Run("evaluate", trained.Path, "--report", folder.File("x.html")).RequireBadInput("--report", "it is a folder");
        Cli.Run("evaluate", trained.Path, "--mean", "0.5").RequireBadInput("--mean and --std are for ONNX models");
        Cli.Run("evaluate", "x.onnx", "--mean", "a,b").RequireBadInput("--mean is 'a,b'");
        Cli.Run("evaluate", "x.onnx", "--mean", "0,0,0", "--std", "1").RequireBadInput("--mean holds 3 numbers and --std 1");
        Cli.Run("evaluate", "x.onnx", "--std", "0").RequireBadInput("--std is '0'");
    }

    [Fact]
    public async Task Live_serves_the_page_until_the_training_ends()
    {
        using var folder = new TemporaryFolder();
        using var process = new ChildProcess(folder.Path, "train", "--epochs", "100", "--out", "m.safetensors", "--live");
        process.WaitForError("Follow the training at http://127.0.0.1:");
        process.WaitForError("Ctrl-C stops");
        string address = process.Errors.Split('\n').First(line => line.StartsWith("Follow the training at ", StringComparison.Ordinal))
            .Split(' ', ',')[4];
        using var client = new HttpClient();
        string page = await client.GetStringAsync(new Uri(address), TestContext.Current.CancellationToken);
        Assert.Contains("<html lang=\"en\" data-live>", page, StringComparison.Ordinal);
        process.Signal(ChildProcess.SigInt);
        CliResult result = process.Wait();
        Assert.Equal(1, result.Code);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(address), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_busy_port_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        string port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        Cli.Run("train", "--live", port, "--out", folder.File("m.safetensors")).RequireBadInput($"--live: Port {port} of 127.0.0.1");
        listener.Stop();
    }

    private static string[] Numbers(Model model)
    {
        // (value / 255 - mean) / std is value * scale + offset.
        double scale = model.Normalization.ScaleOf(0), offset = model.Normalization.OffsetOf(0), std = 1 / (255 * scale);
        return ["--mean", (-offset * std).ToString("R", CultureInfo.InvariantCulture), "--std",
            std.ToString("R", CultureInfo.InvariantCulture)];
    }

    private static double Fact(JsonElement data, string name) =>
        data.GetProperty("summary").EnumerateArray().Single(pair => pair[0].GetString() == name)[1].GetDouble();

    private static JsonElement DataOf(string page)
    {
        const string Start = "<script type=\"application/json\" id=\"data\">";
        string html = File.ReadAllText(page);
        int from = html.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return JsonDocument.Parse(html[from..html.IndexOf("</script>", from, StringComparison.Ordinal)]).RootElement;
    }
}
