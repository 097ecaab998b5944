using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Images;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary><c>cnnfast lr-find</c>: the learning-rate range test, as a table and a picture.</summary>
internal static class LrFindCommand
{
    private const int Rows = 20;

    public static Command Create(CommandHost host)
    {
        var options = new LrFindOptions();
        var command = new ExampleCommand(
            "lr-find",
            "Finds a learning rate: trains for a few steps while it rises, and shows how the loss falls and then rises; changes no model.",
            [
                "The suggestion is where the loss falls most steeply, by lines through a fifth of the steps each. Try a third and three "
                    + "times it too.",
                "The test ends where the loss rises to 4 times its lowest.",
                "JSON: suggestion and lowest (learning rates, or null), diverged, out, points[] (learningRate, loss, smoothedLoss).",
            ],
            "cnnfast lr-find",
            "cnnfast lr-find tutorial --data mnist --optimizer adamw",
            "cnnfast lr-find photos --data photos/ --size 96",
            "cnnfast lr-find digits.safetensors --data DIR --min 1e-6 --max 1 --out curve.svg --json");
        options.AddTo(command);
        command.Brief = "Finds a learning rate by trying a range of them";
        command.Rows = ["points"];
        command.SetAction(parse => Run(host, options.Read(parse), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, LrFindRequest request, bool json)
    {
        string path = OutputPath.RequireWritable("--out", OutputPath.RequireEnding("--out", request.Out, ".svg"));
        ModelPreset? preset = ModelPresets.Find(request.Model);
        Model? given = preset is null ? ModelSource.LoadSingle(request.Model) : null;
        DataSource.RequireUsed(request.Data, request.Classes, request.Size is not null);
        if (given is not null && request.Classes is not null)
            throw new InputException($"--classes is given, and '{request.Model}' says how many classes it tells apart; expected one " +
                "of them.");
        IImageDataset train = DataSource.Open(request.Data, PicturesOf(request, given), host,
            request.Classes ?? DataSource.ClassesOf(given)).Train;
        Model model = given ?? preset!.Build(train.ImageShape, train.Targets[0].Classes, request.Options.Seed);
        Optimizer optimizer = request.Optimizer is { } name ? Optimizers.Create(name) : preset?.Optimizer ?? new Adam();
        LearningRateFinderOptions options = request.Options with
        {
            BatchSize = request.BatchSize ?? preset?.Options.BatchSize ?? request.Options.BatchSize,
            Loss = preset?.Loss,
            Normalization = preset is null ? null
                : preset.Options.Normalization ?? train.ComputeNormalization(request.Options.MaxThreads, host.Stop),
        };
        LearningRateCurve curve = LearningRateFinder.Run(model, train, optimizer, options, host.Stop);
        if (curve.Points.Count == 0)
        {
            host.Error.WriteLine("The loss of the first step is no finite number; expected one: check the inputs.");
            return ExitCodes.Failed;
        }

        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Stream.Write(Encoding.UTF8.GetBytes(CurvePicture.Draw(curve)));
            file.Commit();
        }

        if (json)
            JsonOutput.Write(host.Output, writer => WriteJson(writer, curve, path));
        else
            WriteText(host.Output, curve, path);
        return ExitCodes.Done;
    }

    private static PictureOptions PicturesOf(LrFindRequest request, Model? given)
    {
        (int h, int w) = PictureSize.OrUsual(request.Size);
        if (given is not { InputShape: { Rank: 3 } input } || input[2] is not (1 or PictureSize.Colours))
            return new PictureOptions(h, w) { MaxThreads = request.Options.MaxThreads };
        if (request.Size is { } size && size != (input[0], input[1]))
            throw new InputException($"--size is {size.H}x{size.W}, and '{request.Model}' takes {input[0]}x{input[1]}; expected that.");
        return new PictureOptions(input[0], input[1], input[2])
        {
            ClassNames = given.ClassNames,
            MaxThreads = request.Options.MaxThreads,
        };
    }

    private static void WriteText(TextWriter output, LearningRateCurve curve, string path)
    {
        output.WriteLine("Learning rate        Loss    Smoothed");
        int last = curve.Points.Count - 1, rows = Math.Min(Rows, last + 1);
        for (int row = 0; row < rows; row++)
        {
            LearningRatePoint point = curve.Points[rows == 1 ? 0 : (int)((long)last * row / (rows - 1))];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{point.LearningRate,13:0.00e+00}{point.Loss,12:G5}{point.SmoothedLoss,12:G5}"));
        }

        output.WriteLine();
        if (curve.Diverged)
            output.WriteLine("The test ended there: the loss rose too far.");
        output.WriteLine(curve.Suggestion is { } suggestion
            ? string.Create(CultureInfo.InvariantCulture, $"Suggestion  {suggestion:G2} (steepest fall)")
            : "Suggestion  none: the loss does not fall; try another range (--min, --max) or more --steps");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Lowest      {curve.LowestLearningRate:G2}"));
        output.WriteLine($"Curve       {path}");
    }

    private static void WriteJson(Utf8JsonWriter json, LearningRateCurve curve, string path)
    {
        json.WriteFinite("suggestion", curve.Suggestion);
        json.WriteFinite("lowest", curve.LowestLearningRate);
        json.WriteBoolean("diverged", curve.Diverged);
        json.WriteString("out", path);
        json.WriteStartArray("points");
        foreach (LearningRatePoint point in curve.Points)
        {
            json.WriteStartObject();
            json.WriteFinite("learningRate", point.LearningRate);
            json.WriteFinite("loss", point.Loss);
            json.WriteFinite("smoothedLoss", point.SmoothedLoss);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
