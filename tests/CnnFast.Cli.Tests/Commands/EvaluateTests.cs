using System.Text.Json;

namespace CnnFast.Cli.Tests;

public sealed class EvaluateTests(TrainedModel trained)
{
    [Fact]
    public void A_saved_model_evaluates_to_the_figures_of_its_training()
    {
        JsonElement json = Cli.Run("evaluate", trained.Path, "--data", "digits", "--json").Json();
        Assert.Equal(trained.Json.GetProperty("testAccuracy").GetDouble(), json.GetProperty("accuracy").GetDouble());
        Assert.Equal(trained.Json.GetProperty("testLoss").GetDouble(), json.GetProperty("loss").GetDouble());
        Assert.Equal(1000, json.GetProperty("count").GetInt32());
    }

    [Fact]
    public void A_folder_of_IDX_files_is_evaluated_and_the_text_gives_accuracy_and_loss()
    {
        using var folder = new TemporaryFolder();
        CliResult result = Cli.Run("evaluate", trained.Path, "--data", SmallData.Write(folder), "--threads", "1");
        Assert.True(result.Code == 0, result.ToString());
        Assert.Contains("Accuracy  ", result.Output, StringComparison.Ordinal);
        Assert.Contains($"% of {SmallData.TestCount} images", result.Output, StringComparison.Ordinal);
        Assert.Contains("Loss  ", result.Output, StringComparison.Ordinal);
    }
}
