using System.CommandLine;
using System.Globalization;
using CnnFast.Data;
using CnnFast.Images;
using CnnFast.Onnx;
using CnnFast.Training;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary><c>cnnfast evaluate</c>: accuracy and loss of a model on test images.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandHost host)
    {
        Argument<string> model = ModelSource.Argument();
        Option<string> data = DataSource.Option("Whose test images:");
        Option<string[]> shape = ShapeOption.Create();
        Option<string?> mean = NormalizationOption.Mean(), std = NormalizationOption.Std();
        var report = new Option<string?>("--report")
        {
            Description = "Write a page to this file: confusion matrix, classes, calibration, and the images it is surest wrong about.",
            HelpName = "FILE.html",
        };
        Option<int> threads = CommonOptions.Threads();
        var command = new ExampleCommand(
            "evaluate",
            "Measures the accuracy and the loss of a model on the test images of a data set.",
            [
                "Of a folder of pictures the folder test is measured where there is one, else the one for validation, else all; they get " +
                    "the size that the model takes, and the folders are the classes that it names.",
                "An ONNX model takes one batch of images, channels first or last, and gives a value for each class. Its file does " +
                    "not say how bytes become numbers: value / 255, then --mean and --std.",
                "JSON: accuracy (0 to 1), loss (mean cross-entropy, nats), count.",
            ],
            "cnnfast evaluate digits.safetensors",
            "cnnfast evaluate digits.safetensors --data path/to/idx-files --json",
            "cnnfast evaluate pets.safetensors --data new-photos/ --report report.html",
            "cnnfast evaluate pets.onnx --data new-photos/ --mean 0.485 --std 0.229")
        {
            model, data, shape, mean, std, report, threads,
        };
        command.Brief = "Measures accuracy and loss on test images";
        command.SetAction(parse =>
        {
            string path = parse.GetValue(model)!;
            string? page = parse.GetValue(report) is { } file ? OutputPath.RequirePage("--report", file) : null;
            if (page is not null)
                OutputPath.RequireOther("--report", page, "MODEL", path);
            Normalization? normalization = NormalizationOption.Read(parse.GetValue(mean), parse.GetValue(std));
            Model loaded = Load(path, parse.GetValue(shape) ?? [], normalization);
            return Run(host, loaded, path, parse.GetValue(data)!, page, parse.GetValue(threads), parse.GetValue(CommonOptions.Json));
        });
        return command;
    }

    private static Model Load(string path, string[] shapes, Normalization? normalization)
    {
        if (!ModelSource.IsOnnx(path))
        {
            if (normalization is not null)
                throw new InputException($"--mean and --std are for ONNX models; '{path}' says itself how bytes become numbers.");
            ModelSource.RequireNoShapes(path, shapes);
            return ModelSource.LoadSingle(path);
        }

        OnnxSource source = OnnxSource.Load(path, shapes, null, OnnxLayout.Nhwc);
        Model model = source.Model;
        if (model.Inputs.Count != 1 || model.Outputs.Count != 1 || source.IsWhole || model.InputShape.Rank != 3)
            throw new InputException($"'{path}' maps {string.Join(", ", source.Onnx.Inputs)} to " +
                $"{string.Join(", ", source.Onnx.Outputs)}; expected one batch of images [N, C, H, W] that gives one output [N, classes].");
        if (normalization is { } numbers && numbers.Channels != 1 && numbers.Channels != model.InputShape[2])
            throw new InputException($"--mean and --std hold {numbers.Channels} numbers, and '{path}' takes images of " +
                $"{model.InputShape[2]} channels; expected one number, or one a channel.");
        model.Normalization = normalization ?? model.Normalization;
        return model;
    }

    private static int Run(CommandHost host, Model model, string path, string data, string? page, int threads, bool json)
    {
        IImageDataset test = TestOf(model, path, data, threads, host);
        EvaluationResult result = Evaluator.Evaluate(model, test, new EvaluationOptions { MaxThreads = threads }, host.Stop);
        if (!double.IsFinite(result.Loss))
        {
            throw new NotFiniteNumberException(string.Create(CultureInfo.InvariantCulture,
                $"The loss of '{path}' on these images is {result.Loss}; expected a finite number: its weights are damaged, or were " +
                $"saved by a training that failed."), result.Loss);
        }

        if (page is not null)
        {
            EvaluationReport.Measure(model, test, new EvaluationReportOptions
            {
                Title = $"Evaluation of {Path.GetFileName(path)} on {data}",
                ImagesName = $"{test.Count} images of {data}",
                ImageName = PictureName.Of(test),
                MaxThreads = threads,
            }, host.Stop).Save(page);
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

        return DataSource.OpenTest(data, pictures, host, DataSource.ClassesOf(model));
    }
}
