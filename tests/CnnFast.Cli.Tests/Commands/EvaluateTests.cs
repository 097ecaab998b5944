using System.Text.Json;
using CnnFast.Layers;

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

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_model_whose_loss_is_no_number_fails_with_a_sentence_that_names_it(float weight)
    {
        using var folder = new TemporaryFolder();
        Model model = new Sequential(new Flatten(), new Dense(10), new Softmax()).Build(new Shape(28, 28, 1), seed: 1);
        model.Parameters[0].Assign([.. Enumerable.Repeat(weight, model.Parameters[0].Shape.ElementCount)]);
        string path = folder.File("damaged.safetensors");
        model.Save(path);
        string data = SmallData.Write(folder);
        foreach (string[] args in (string[][])[["evaluate", path, "--data", data], ["evaluate", path, "--data", data, "--json"]])
        {
            CliResult result = Cli.Run(args);
            Assert.True(result.Code == 1, result.ToString());
            Assert.Equal("", result.Output);
            Assert.Contains($"The loss of '{path}' on these images is NaN; expected a finite number",
                Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }
    }
}
