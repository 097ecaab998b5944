using System.CommandLine;
using System.Globalization;
using CnnFast.DigitPictures;
using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary><c>cnnfast predict</c>: the classes of pictures.</summary>
internal static class PredictCommand
{
    private const int Top = 3;
    private const int BarLength = 20;

    public static Command Create(CommandHost host)
    {
        Argument<string> model = CommonOptions.Model();
        var images = new Argument<string[]>("IMAGE")
        {
            Description =
                "PNG, JPEG or BMP files of one digit each: any size, grey, colour or see-through, dark on light or light on dark. " +
                "For models of other pictures any PNG, JPEG, BMP or WebP files. - is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var fit = new Option<PictureFit>("--fit")
        {
            Description = "How pictures other than digits get the model's size: Crop (the middle), Stretch or Pad.",
            DefaultValueFactory = _ => PictureFit.Crop,
        };
        var command = new ExampleCommand(
            "predict",
            "Classifies pictures: the three likeliest classes of each, with their probabilities.",
            [
                "A model that ends in Sigmoid gives each label a probability of its own; one that ends in neither Softmax nor Sigmoid " +
                    "and names no classes gives its values as they are.",
                "A picture is brought to the form of MNIST: paper by the border's shade, ink light on black, " +
                    "its box scaled into 20x20 of 28x28 "
                    + "pixels and centred by its centre of mass. One that already has this form is taken as it is.",
                "A model with names of classes, or with colours, gets the whole picture instead, resized to its input as --fit says.",
                "JSON: images[] with file, class, name (where the model knows it), probability, probabilities[]; or file and values[].",
            ],
            "cnnfast predict digits.safetensors seven.png",
            "cnnfast predict digits.safetensors scans/*.png --json",
            "cnnfast predict digits.safetensors - < seven.png")
        {
            model, images, fit,
        };
        command.Brief = "Classifies pictures";
        command.Rows = ["images"];
        command.SetAction(parse => Run(host, parse.GetValue(model)!, parse.GetValue(images)!, parse.GetValue(fit),
            parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string path, string[] images, PictureFit fit, bool json)
    {
        StandardFiles.RequireOneInput("IMAGE", images);
        Model model = ModelSource.LoadSingle(path);
        if (model.InputShape.Rank != 3 || model.InputShape[2] is not (1 or 3) || model.OutputShape.Rank != 1)
            throw new InputException($"'{path}' maps {model.InputShape} to {model.OutputShape}; predict expects a classifier " +
                "of pictures, [H, W, 1] or [H, W, 3] to [classes].");
        Answers answers = AnswersOf.Model(model);
        var predictions = new List<(string File, float[] Probabilities)>();
        foreach (string image in images)
        {
            host.Stop.ThrowIfCancellationRequested();
            float[] probabilities = Predict(host, model, answers, image, fit);
            if (!Array.TrueForAll(probabilities, float.IsFinite))
                throw new NotFiniteNumberException($"The model '{path}' gives numbers for '{image}' that are not finite; " +
                    "its weights are damaged, or were saved by a training that failed.");
            predictions.Add((json ? image : InspectCommand.Printable(image), probabilities));
        }

        if (json)
            WriteJson(host.Output, predictions, answers, model.ClassNames);
        else if (answers == Answers.Values)
            WriteValues(host.Output, predictions);
        else
            WriteText(host.Output, predictions, answers, model.ClassNames);
        return ExitCodes.Done;
    }

    private static float[] Predict(CommandHost host, Model model, Answers answers, string image, PictureFit fit)
    {
        byte[] bytes = PictureInput.Read(host, model, image,
            new PictureOptions(model.InputShape[0], model.InputShape[1], model.InputShape[2]) { Fit = fit });
        var input = new float[bytes.Length];
        model.Normalization.Apply(bytes, input);
        float[] output = model.Predict(input);
        if (answers == Answers.Classes)
            DigitClassifier.ToProbabilities(model, output);
        return output;
    }

    private static void WriteJson(TextWriter output, List<(string File, float[] Probabilities)> predictions, Answers answers,
        IReadOnlyList<string>? names) =>
        JsonOutput.Write(output, json =>
        {
            json.WriteStartArray("images");
            foreach ((string file, float[] probabilities) in predictions)
            {
                int best = Ranking(probabilities)[0];
                json.WriteStartObject();
                json.WriteString("file", file);
                if (answers != Answers.Values)
                {
                    json.WriteNumber("class", best);
                    if (names is not null)
                        json.WriteString("name", names[best]);
                    json.WriteFinite("probability", probabilities[best]);
                }

                json.WriteStartArray(answers == Answers.Values ? "values" : "probabilities");
                foreach (float probability in probabilities)
                    json.WriteNumberValue(probability);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private static void WriteValues(TextWriter output, List<(string File, float[] Values)> predictions)
    {
        int width = predictions.Max(prediction => prediction.File.Length);
        foreach ((string file, float[] values) in predictions)
            output.WriteLine($"{file.PadRight(width)}  " +
                string.Join("  ", values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture))));
    }

    private static void WriteText(TextWriter output, List<(string File, float[] Probabilities)> predictions, Answers answers,
        IReadOnlyList<string>? names)
    {
        int width = predictions.Max(prediction => prediction.File.Length);
        int nameWidth = names?.Max(name => name.Length) ?? 2;
        foreach ((string file, float[] probabilities) in predictions)
        {
            string label = file;
            foreach (int index in Ranking(probabilities).Take(Shown(answers, probabilities)))
            {
                var bar = new string('█', (int)Math.Round(probabilities[index] * BarLength));
                string name = names?[index].PadRight(nameWidth) ?? $"{index,2}";
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{label.PadRight(width)}  {name}  {probabilities[index] * 100,6:0.00} %  {bar}")
                    .TrimEnd());
                label = "";
            }
        }
    }

    // Of labels those that apply, and the likeliest where none does.
    private static int Shown(Answers answers, float[] probabilities) =>
        answers == Answers.Classes ? Top : Math.Max(1, probabilities.Count(probability => probability >= 0.5f));

    private static int[] Ranking(float[] probabilities) =>
        [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(i => probabilities[i])];
}
