using System.Globalization;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

public sealed class CsvLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["log.csv"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_epoch_is_a_row_as_soon_as_it_is_done()
    {
        var log = new CsvLog(Path);
        log.OnFitStart(Callbacks.Start());
        Assert.False(File.Exists(Path));
        Run(log, Callbacks.Epoch(1));
        Assert.Equal(
            "epoch,train/loss,train/accuracy,validation/loss,validation/accuracy,seconds,samples_per_second,learning_rate\n" +
            "1,1.5,0.25,0.75,0.5,2.5,100,0.001\n",
            File.ReadAllText(Path));
        Run(log, Callbacks.Epoch(2) with { Validation = null, TrainLoss = double.NaN });
        Assert.EndsWith("\n2,NaN,0.25,,,2.5,100,0.001\n", File.ReadAllText(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void The_culture_of_the_thread_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Log(0, 1);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Contains("\n1,1.5,0.25,0.75,", File.ReadAllText(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_training_writes_the_epochs_after_its_checkpoint_anew()
    {
        Log(0, 3);
        string[] first = File.ReadAllLines(Path);
        Log(2, 2, loss: 0.125);
        string[] lines = File.ReadAllLines(Path);
        Assert.Equal(first[..3], lines[..3]);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("3,0.125,", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("4,0.125,", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_training_begins_a_new_table()
    {
        Log(0, 3);
        Log(0, 1, loss: 7);
        Assert.Equal(["1,7"], File.ReadAllLines(Path).Skip(1).Select(line => line[..3]));
    }

    [Fact]
    public void Figures_that_are_new_get_columns_and_old_ones_keep_theirs()
    {
        File.WriteAllText(Path, "epoch,\"odd, \"\"name\"\"\"\r\n1,\"a\nb\"\r\n2,c\r\n");
        Log(1, 1);
        string[] lines = File.ReadAllText(Path).Split('\n');
        Assert.StartsWith("epoch,\"odd, \"\"name\"\"\",train/loss,train/accuracy,", lines[0], StringComparison.Ordinal);
        Assert.Equal(["1,\"a", "b\",,,,,,,", "2,,1.5,0.25,0.75,0.5,2.5,100,0.001", ""], lines[1..]);
    }

    [Theory]
    [InlineData("name,age\nAda,36\n",
        "begins with the column 'name'; expected a log of a training, which begins with 'epoch'.")]
    [InlineData("epoch,loss\n1\n", "has a row of 1 fields that begins with '1'; expected 2 fields, the number of an epoch first.")]
    [InlineData("epoch,loss\nAda,1\n", "has a row of 2 fields that begins with 'Ada'; expected 2 fields, the number of an epoch first.")]
    public void Another_file_is_left_as_it_is(string text, string message)
    {
        File.WriteAllText(Path, text);
        var error = Assert.Throws<DataFormatException>(() => new CsvLog(Path).OnFitStart(Callbacks.Start()));
        Assert.Equal($"CsvLog: '{Path}' {message}", error.Message);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_found_before_the_training() =>
        Assert.Throws<DirectoryNotFoundException>(() => new CsvLog(_folder["no/log.csv"]).OnFitStart(Callbacks.Start()));

    private static void Run(CsvLog log, EpochResult result)
    {
        log.OnBatch(Callbacks.Batch(result.Epoch, 1));
        log.OnEpoch(result);
    }

    private void Log(int firstEpoch, int epochs, double loss = 1.5)
    {
        var log = new CsvLog(Path);
        log.OnFitStart(Callbacks.Start(firstEpoch));
        for (int epoch = 1; epoch <= epochs; epoch++)
            Run(log, Callbacks.Epoch(firstEpoch + epoch) with { TrainLoss = loss });
    }
}
