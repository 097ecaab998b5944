using System.CommandLine;
using System.Globalization;
using CnnFast.Data;
using CnnFast.Images;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary><c>cnnfast evaluate</c>: accuracy and loss of a model on test images.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> data = DataSource.Option("Whose test images:");
        Option<int> threads = CommonOptions.Threads();
        var command = new ExampleCommand(
            "evaluate",
            "Measures the accuracy and the loss of a model on the test images of a data set.",
            [
                "Of a folder of pictures without a folder named test, all pictures are measured; they get the size that the model takes, " +
                    "and the folders are the classes that it names.",
                "JSON: accuracy (0 to 1), loss (mean cross-entropy, nats), count.",
            ],
            "cnnfast evaluate digits.safetensors",
            "cnnfast evaluate digits.safetensors --data path/to/idx-files --json",
            "cnnfast evaluate pets.safetensors --data new-photos/")
        {
            model, data, threads,
        };
        command.Brief = "Measures accuracy and loss on test images";
        command.SetAction(parse =>
            Run(host, parse.GetValue(model)!, parse.GetValue(data)!, parse.GetValue(threads), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string path, string data, int threads, bool json)
    {
        Model model = ModelSource.LoadSingle(path);
        IImageDataset test = TestOf(model, path, data, threads, host);
        EvaluationResult result = Evaluator.Evaluate(model, test, new EvaluationOptions { MaxThreads = threads }, host.Stop);
        if (!double.IsFinite(result.Loss))
        {
            throw new NotFiniteNumberException(string.Create(CultureInfo.InvariantCulture,
                $"The loss of '{path}' on these images is {result.Loss}; expected a finite number: its weights are damaged, or were " +
                $"saved by a training that failed."), result.Loss);
        }

        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                writer.WriteFinite("accuracy", result.Accuracy);
                writer.WriteFinite("loss", result.Loss);
                writer.WriteNumber("count", result.Count);
            });
        }
        else
        {
            if (result.Accuracy is { } accuracy)
            {
                host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Accuracy  {accuracy * 100:0.00} % of {result.Count:N0} images"));
            }

            host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Loss      {result.Loss:0.0000}"));
            if (result.Confusion is { } confusion)
                host.Output.Write("\n" + confusion.ToString(model.ClassNames));
        }

        return ExitCodes.Done;
    }

    private static IImageDataset TestOf(Model model, string path, string data, int threads, CommandHost host)
    {
        var pictures = new PictureOptions(1, 1);
        if (DataSource.IsPictures(data))
        {
            Shape input = model.InputShape;
            if (input.Rank != 3 || input[2] is not (1 or PictureSize.Colours))
                throw new InputException($"'{path}' takes {input}; pictures are [H, W, 3], or [H, W, 1] where they are grey.");
            pictures = new PictureOptions(input[0], input[1], input[2]) { ClassNames = model.ClassNames, MaxThreads = threads };
        }

        (IImageDataset train, _, IImageDataset? test) = DataSource.Open(data, pictures, host, ClassesOf(model));
        return test ?? train;
    }

    private static int? ClassesOf(Model model) =>
        model.OutputShape is { Rank: 1 } shape && shape[0] is > 1 and <= 256 ? shape[0] : null;
}
