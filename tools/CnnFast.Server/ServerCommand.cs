using System.CommandLine;

namespace CnnFast.Server;

/// <summary>The command line: options, <c>--help</c>, and one sentence for what is wrong.</summary>
internal static class ServerCommand
{
    private const int BadInput = 2;
    private const long MaxBytes = 1 << 27;
    private const string Description =
        """
        Classifies pictures of digits over HTTP, with a model that `cnnfast train` made.

          POST /classify   a PNG, JPEG or BMP picture, as the body or as a form's file: {"class":7,"probability":0.99,"probabilities":[…]}
          GET  /health     "ok" once the model is ready
          GET  /metrics    requests, errors, latency and allocations, as Prometheus reads them

        Example:
          cnnfast train --out digits.safetensors
          CnnFast.Server --model digits.safetensors
          curl -F image=@seven.png http://127.0.0.1:5080/classify
        """;

    /// <summary>Runs until the process is asked to stop; requests under way end first.</summary>
    /// <returns>The exit code: 0 done, 1 failed, 2 bad usage or bad input.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var model = new Option<string?>("--model")
        {
            Description = $"The model file; {ServerOptions.ModelVariable} where not given.",
            HelpName = "FILE",
        };
        var url = new Option<string>("--url")
        {
            Description = "Where to listen.",
            HelpName = "URL",
            DefaultValueFactory = _ => ServerOptions.DefaultUrl,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads of one classification; requests run beside each other anyway.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var maxBytes = new Option<long>("--max-bytes")
        {
            Description = "The most bytes of a picture.",
            HelpName = "N",
            DefaultValueFactory = _ => ServerOptions.DefaultMaxBytes,
        };
        var root = new RootCommand(Description) { model, url, threads, maxBytes };
        root.SetAction(async (parse, stop) =>
        {
            string? path = parse.GetValue(model) ?? Environment.GetEnvironmentVariable(ServerOptions.ModelVariable);
            if (string.IsNullOrEmpty(path))
                throw new ArgumentException($"No model was given; expected --model FILE or {ServerOptions.ModelVariable} ('cnnfast train " +
                    "--out digits.safetensors' makes one).");
            if (parse.GetValue(maxBytes) is < 1 or > MaxBytes)
                throw new ArgumentException($"--max-bytes is {parse.GetValue(maxBytes)}; expected 1 to {MaxBytes}.");
            if (parse.GetValue(threads) < 0)
                throw new ArgumentException($"--threads is {parse.GetValue(threads)}; expected at least 1, or 0 for all processors.");
            var options = new ServerOptions
            {
                Model = path,
                Url = parse.GetValue(url)!,
                Threads = parse.GetValue(threads),
                MaxBytes = parse.GetValue(maxBytes),
            };
            WebApplication app = ServerApp.Create(options);
            await using (app.ConfigureAwait(false))
            {
                await app.StartAsync(stop).ConfigureAwait(false);
                await output.WriteLineAsync($"Listening on {string.Join(", ", app.Urls)}").ConfigureAwait(false);
                await app.WaitForShutdownAsync(stop).ConfigureAwait(false);
            }
        });

        ParseResult parse = root.Parse(args);
        if (parse.Errors.Count > 0)
        {
            await error.WriteLineAsync($"{parse.Errors[0].Message.TrimEnd('.')} (see --help).").ConfigureAwait(false);
            return BadInput;
        }

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = output,
                Error = error,
                ProcessTerminationTimeout = null,
            })
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException
            or DataFormatException or ShapeException or FormatException)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return BadInput;
        }
    }
}
